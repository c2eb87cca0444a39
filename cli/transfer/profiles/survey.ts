import { createHash, type Hash } from 'node:crypto'
import type { Findings } from '../findings.ts'
import type { ImportSource } from '../import-source.ts'
import { isObject, timeOf } from '../span-of-json.ts'
import { type Part, partsOf } from './read-members.ts'
import { readEvent } from './trace-event.ts'

type Tags = Readonly<Record<string, string>>

/** What has to be known of a file of trace events before one of them can be understood: it may stand anywhere in it. */
export class ChromeSurvey {
  readonly digest: Hash = createHash('sha256')
  /** Nanoseconds since the Unix epoch to the file's time 0, where span-tree wrote it. */
  begin: bigint | undefined
  first: bigint | undefined
  last: bigint | undefined
  readonly #processes = new Map<string, Tags>()
  readonly #threads = new Map<string, string>()

  static async of(source: ImportSource, findings: Findings): Promise<ChromeSurvey> {
    const survey = new ChromeSurvey()
    const reading = { lists: ['traceEvents'], findings, digest: survey.digest }
    for await (const parts of partsOf(source, reading)) for (const part of parts) survey.#see(part)
    return survey
  }

  /** What span-tree said of a process, else its name. */
  tagsOfProcess(pid: string): Tags {
    const known = this.#processes.get(pid) ?? { process: pid }
    this.#processes.set(pid, known)
    return known
  }

  tagsOfThread(pid: string, tid: string): Tags {
    return { ...this.tagsOfProcess(pid), thread: this.#threads.get(`${pid} ${tid}`) ?? tid }
  }

  #see({ key, json }: Part): void {
    if (key === 'metadata' && isObject(json)) {
      if (json['exporter'] === 'span-tree') this.begin = timeOf(json['begin'])
      return
    }
    if (key !== '' && key !== 'traceEvents') return
    const event = readEvent(json)
    if (typeof event === 'string' || event.kind === 'other') return
    const { kind, name, pid, tid, time, duration = 0n, args } = event
    if (kind === 'metadata') {
      this.#name(name, pid, tid, args)
      return
    }
    if (this.first === undefined || time < this.first) this.first = time
    if (this.last === undefined || time + duration > this.last) this.last = time + duration
  }

  #name(what: string, pid: string, tid: string, { name, tags }: { readonly [name: string]: unknown }): void {
    if (what === 'thread_name' && name) this.#threads.set(`${pid} ${tid}`, String(name))
    else if (what === 'process_name' && isTags(tags)) this.#processes.set(pid, tags)
    else if (what === 'process_name' && name) this.#processes.set(pid, { process: String(name) })
  }
}

function isTags(value: unknown): value is Tags {
  return isObject(value) && Object.values(value).every(each => typeof each === 'string')
}
