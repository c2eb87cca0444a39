import type { Importer } from '../importer.ts'
import { isObject, type Json } from '../span-of-json.ts'
import type { TraceEvent } from './trace-event.ts'

/** Spans that wait for their messages. */
const MAX_WAITING = 50_000

interface Waiting {
  readonly path: string
  readonly tags: Readonly<Record<string, string>>
  readonly fields: Json
  readonly messages: Json[]
}

/** Makes the spans anew that `span-tree export --format chrome` wrote: their messages are events of their own, behind them. */
export class OwnEvents {
  readonly #importer: Importer
  readonly #begin: bigint
  #waiting = new Map<string, Waiting>()

  /** `begin`: nanoseconds since the Unix epoch to the file's time 0. */
  constructor(importer: Importer, begin: bigint) {
    this.#importer = importer
    this.#begin = begin
  }

  /** Returns whether it was one of ours; `tags`: of its process. */
  async take(event: TraceEvent, path: string, tags: Readonly<Record<string, string>>): Promise<boolean> {
    const { trace, span } = event.args
    if (typeof trace !== 'string' || typeof span !== 'string') return false
    const key = `${trace} ${span}`
    if (event.kind === 'complete') {
      if (this.#waiting.size >= MAX_WAITING) await this.flush()
      this.#waiting.set(key, { path, tags, fields: this.#fieldsOf(event), messages: [] })
    } else if (event.kind === 'instant') {
      const waiting = this.#waiting.get(key)
      if (waiting) waiting.messages.push(this.#messageOf(event))
      else this.#importer.findings.name(path, 'its span is not before it')
    } else return false
    return true
  }

  async flush(): Promise<void> {
    const byTags = Map.groupBy(this.#waiting.values(), ({ tags }) => tags)
    this.#waiting = new Map()
    for (const [tags, all] of byTags) {
      const spans = all.map(({ path, fields, messages }) => ({ path, fields: { ...fields, messages } }))
      await this.#importer.takeSpans(tags, spans)
    }
  }

  #fieldsOf({ name, category, time, duration = 0n, args }: TraceEvent): Json {
    const { trace, span, parent, at, site, error: _, running, startTime, endTime, ...rest } = args
    const start = this.#begin + time
    return {
      kind: category,
      ...rest,
      traceId: trace,
      id: span,
      ...(parent !== undefined && { parentId: parent }),
      name,
      startTime: startTime ?? String(start),
      ...(!running && { endTime: endTime ?? String(start + duration) }),
      ...(at !== undefined && { site: siteOf(at, site, name) }),
    }
  }

  #messageOf({ name, time, args }: TraceEvent): Json {
    const { trace: _, span: __, time: exact, ...rest } = args
    return { time: exact ?? String(this.#begin + time), text: name, ...rest }
  }
}

/** `at`: `src/order.ts:3:1`. What is wrong with it is found when the span is read. */
function siteOf(at: unknown, site: unknown, name: string): unknown {
  const [, file, line, column] = /^(.*):(\d+):(\d+)$/s.exec(String(at)) ?? []
  if (file === undefined) return at
  const place = { file, line: Number(line), column: Number(column) }
  return { id: `${file}#${name}`, name, functionKind: 'function', ...(isObject(site) && site), ...place }
}
