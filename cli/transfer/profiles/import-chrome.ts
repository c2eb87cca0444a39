import type { ImportSource } from '../import-source.ts'
import type { Importer } from '../importer.ts'
import type { Json } from '../span-of-json.ts'
import { OwnEvents } from './own-events.ts'
import { partsOf } from './read-members.ts'
import { originOf, RecordingIds } from './recording.ts'
import { ChromeSurvey } from './survey.ts'
import { readEvent, type TraceEvent, wordsOf } from './trace-event.ts'
import { type Piece, type Place, Track } from './track.ts'

/** Spans that are kept in memory until what encloses them has come. */
const MAX_PENDING = 100_000

/**
 * Trace events (https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU) as traces: what no other call of its thread encloses
 * is a trace's root, and so is what belongs to one asynchronous id.
 */
export async function importChrome(
  source: ImportSource,
  importer: Importer,
  maxPending: number = MAX_PENDING,
): Promise<void> {
  const survey = await ChromeSurvey.of(source, importer.findings)
  const events = new ChromeEvents(survey, source, importer, maxPending)
  for await (const parts of partsOf(source, { lists: ['traceEvents'], findings: importer.findings })) {
    for (const { key, path, json } of parts) {
      if (key === '' || key === 'traceEvents') await events.take(json, path)
      // Stacks of samples, what the system did meanwhile: beside the events.
      else if (key === 'samples' || key === 'systemTraceEvents') importer.findings.leaveOut(key)
    }
  }
  await events.end()
}

class ChromeEvents {
  readonly #survey: ChromeSurvey
  readonly #importer: Importer
  readonly #origin: bigint
  readonly #ids: RecordingIds
  readonly #own: OwnEvents
  readonly #maxPending: number
  readonly #tracks = new Map<string, Track>()
  #pending = 0
  #order = 0

  constructor(survey: ChromeSurvey, source: ImportSource, importer: Importer, maxPending: number) {
    this.#maxPending = maxPending
    this.#survey = survey
    this.#importer = importer
    this.#origin = survey.begin ?? originOf(survey.first ?? 0n, survey.last ?? 0n, source.written)
    this.#ids = new RecordingIds(survey.digest)
    this.#own = new OwnEvents(importer, this.#origin)
  }

  async take(json: unknown, path: string): Promise<void> {
    const event = readEvent(json)
    if (typeof event === 'string') return this.#importer.findings.name(path, event)
    if (event.kind === 'metadata') return
    // Our own arrows from parents to children say nothing that the spans do not.
    if (event.category === 'calls' && this.#survey.begin !== undefined) return
    if (event.kind === 'other') return this.#importer.findings.leaveOut(wordsOf(event.phase))
    if (await this.#own.take(event, path, this.#survey.tagsOfProcess(event.pid))) return
    const [key, track] = this.#trackOf(event)
    this.#put(event, path, track)
    if (event.asyncId !== undefined && !track.isOpen) {
      // Whoever uses the id again means something else.
      this.#tracks.delete(key)
      await this.#settle(track, true)
    }
    if (this.#pending >= this.#maxPending) await this.#settleAll(false)
  }

  async end(): Promise<void> {
    await this.#own.flush()
    await this.#settleAll(true)
  }

  #trackOf({ pid, tid, asyncId }: TraceEvent): [string, Track] {
    const key = asyncId ?? `${pid} ${tid}`
    const known = this.#tracks.get(key)
    if (known) return [key, known]
    const isThread = asyncId === undefined
    const track = new Track(isThread ? this.#survey.tagsOfThread(pid, tid) : this.#survey.tagsOfProcess(pid))
    this.#tracks.set(key, track)
    return [key, track]
  }

  #put(event: TraceEvent, path: string, track: Track): void {
    const { kind, name, category, time, duration, args } = event
    this.#pending++
    const piece = { path, name, start: time, order: this.#order++, attributes: withCategory(args, category) }
    if (kind === 'instant') track.mark({ time, fields: this.#messageOf(event) })
    else if (kind === 'begin') track.begin(piece)
    else if (kind === 'end') this.#end(event, path, track)
    else if (track.add(duration === undefined ? piece : { ...piece, end: time + duration }))
      this.#importer.findings.name(
        path,
        `kept, but apart from what it may enclose ${this.#maxPending} events before it`,
      )
  }

  #end({ name, time, args }: TraceEvent, path: string, track: Track): void {
    if (!track.end(name, time, args)) this.#importer.findings.name(path, 'it ends what has not begun')
  }

  #messageOf({ name, category, time, args }: TraceEvent): Json {
    return { time: String(this.#origin + time), level: 'info', text: name, logger: category, attributes: args }
  }

  async #settleAll(isEnd: boolean): Promise<void> {
    this.#pending = 0
    for (const track of this.#tracks.values()) await this.#settle(track, isEnd)
  }

  async #settle(track: Track, isEnd: boolean): Promise<void> {
    const { pieces, strayed } = track.settle((piece, parent) => this.#placeOf(piece, parent), isEnd)
    this.#importer.findings.leaveOut('instant event outside of all spans', strayed)
    const spans = pieces.map(piece => ({ path: piece.path, fields: this.#fieldsOf(piece) }))
    await this.#importer.takeSpans(track.tags, spans)
  }

  #placeOf({ start }: Piece, parent: Piece | undefined): Place {
    const id = this.#ids.span()
    const above = parent?.place
    return above
      ? { traceId: above.traceId, id, parentId: above.id }
      : { traceId: this.#ids.trace(this.#origin + start), id }
  }

  #fieldsOf({ name, start, end, attributes, marks, place }: Piece): Json {
    return {
      ...place,
      name,
      status: end === undefined ? 'started' : 'succeeded',
      startTime: String(this.#origin + start),
      ...(end !== undefined && { endTime: String(this.#origin + end) }),
      attributes,
      messages: marks.map(({ fields }) => fields),
    }
  }
}

function withCategory(args: Json, category: string): Json {
  return category === '' ? args : { ...args, category }
}
