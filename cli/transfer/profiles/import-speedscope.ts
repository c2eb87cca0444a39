import { createHash } from 'node:crypto'
import type { ImportSource } from '../import-source.ts'
import type { FoundSpan, Importer } from '../importer.ts'
import { nanosecondsOf } from '../microseconds.ts'
import { isObject, type Json } from '../span-of-json.ts'
import { ownSpans } from './own-profile.ts'
import { partsOf } from './read-members.ts'
import { originOf, RecordingIds } from './recording.ts'
import { callsOf, type ProfileCall } from './speedscope-profile.ts'

/** Microseconds; what is not counted in time is nothing that a span could take. */
const UNITS: Readonly<Record<string, number>> = {
  nanoseconds: 1e-3,
  microseconds: 1,
  milliseconds: 1e3,
  seconds: 1e6,
}

const LISTS = ['profiles']

/** A file of speedscope: each profile is a trace. Frames may stand behind the profiles, so they are read first. */
export async function importSpeedscope(source: ImportSource, importer: Importer): Promise<void> {
  const { findings } = importer
  const digest = createHash('sha256')
  const file = new SpeedscopeFile(source)
  for await (const parts of partsOf(source, { lists: LISTS, findings, digest }))
    for (const { key, json } of parts) file.see(key, json)
  file.ids = new RecordingIds(digest)
  for await (const parts of partsOf(source, { lists: LISTS, findings })) {
    for (const { key, path, json } of parts) {
      if (key !== 'profiles') continue
      const { tags, spans } = file.read(
        json,
        (place, why) => findings.name(`${path}${place && `.${place}`}`, why),
        path,
      )
      await importer.takeSpans(tags, spans)
    }
  }
}

interface ReadProfile {
  readonly tags: Readonly<Record<string, string>>
  readonly spans: readonly FoundSpan[]
}

const NOTHING: ReadProfile = { tags: {}, spans: [] }

class SpeedscopeFile {
  readonly #source: ImportSource
  #frames: readonly unknown[] = []
  #name: string | undefined
  #first: bigint | undefined
  #last = 0n
  ids: RecordingIds = new RecordingIds()

  constructor(source: ImportSource) {
    this.#source = source
  }

  see(key: string, json: unknown): void {
    if (key === 'shared' && isObject(json) && Array.isArray(json['frames'])) this.#frames = json['frames']
    else if (key === 'name' && typeof json === 'string') this.#name = json
    else if (key === 'profiles' && isObject(json)) this.#measure(json)
  }

  read(json: unknown, complain: (place: string, why: string) => void, path: string): ReadProfile {
    if (!isObject(json)) {
      complain('', 'not an object')
      return NOTHING
    }
    if (isObject(json['spanTree'])) return { ...ownSpans(json, json['spanTree'], this.#frames, path) }
    const scale = UNITS[String(json['unit'])]
    if (scale === undefined) {
      complain('', `counted in ${String(json['unit'])}, which is no time`)
      return NOTHING
    }
    const calls = callsOf(json, this.#frames.length, complain)
    const name = String(json['name'] ?? this.#name ?? path)
    return {
      tags: { ...(this.#name && { process: this.#name }), thread: name },
      spans: this.#spansOf(calls, scale, name, path),
    }
  }

  #measure({ unit, startValue, endValue, samples, weights, spanTree }: Json): void {
    const scale = UNITS[String(unit)]
    if (scale === undefined || isObject(spanTree) || typeof startValue !== 'number') return
    const first = nanosecondsOf(startValue * scale)
    const sum = Array.isArray(samples) && Array.isArray(weights) ? weights.reduce((a, b) => a + Number(b), 0) : 0
    const last = nanosecondsOf(Math.max(startValue + (sum || 0), Number(endValue) || 0) * scale)
    if (this.#first === undefined || first < this.#first) this.#first = first
    if (last > this.#last) this.#last = last
  }

  /** One trace; where the profile has several topmost calls, under a span that stands for it. */
  #spansOf(calls: readonly ProfileCall[], scale: number, name: string, path: string): FoundSpan[] {
    const tops = calls.filter(({ parent }) => parent === undefined)
    const [first] = tops
    if (first === undefined) return []
    const origin = originOf(this.#first ?? 0n, this.#last, this.#source.written)
    const timeOf = (value: number): string => String(origin + nanosecondsOf(value * scale))
    const traceId = this.ids.trace(BigInt(timeOf(first.start)))
    const ids = new Map<ProfileCall, string>()
    const last = tops.reduce((end, top) => Math.max(end, top.end), first.end)
    const root = tops.length > 1 ? this.ids.span() : undefined
    const times = { startTime: timeOf(first.start), endTime: timeOf(last) }
    const spans: FoundSpan[] = root
      ? [{ path, fields: { traceId, id: root, name, status: 'succeeded', ...times } }]
      : []
    for (const call of calls) {
      const id = this.ids.span()
      ids.set(call, id)
      const parentId = call.parent ? ids.get(call.parent) : root
      const place = { traceId, id, ...(parentId !== undefined && { parentId }) }
      const took = { startTime: timeOf(call.start), endTime: timeOf(call.end) }
      spans.push({ path, fields: { ...place, ...took, ...ofFrame(this.#frames[call.frame]), status: 'succeeded' } })
    }
    return spans
  }
}

/** A frame's name, and where it is in the source. */
function ofFrame(frame: unknown): Json {
  const { name, file, line, col } = isObject(frame) ? frame : {}
  const text = String(name ?? '')
  if (typeof file !== 'string' || file === '') return { name: text }
  const place = { file, line: positionOf(line), column: positionOf(col) }
  return { name: text, site: { id: `${file}#${text}`, name: text, functionKind: 'function', ...place } }
}

/** The file's beginning, where it is not said. */
function positionOf(value: unknown): number {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : 1
}
