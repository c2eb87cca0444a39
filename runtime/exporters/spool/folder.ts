import { mkdirSync, readdirSync, rmdirSync, truncateSync, unlinkSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { append, framedSize, markSettled, type PackedBatch, type Place, read, scan } from './segment.ts'

/** Bytes of a segment, beyond which a new one is begun. */
const SEGMENT_SIZE = 4 << 20

interface Segment {
  readonly path: string
  bytes: number
  /** Those that wait, oldest first. */
  readonly waiting: Spooled[]
  /** Nothing more is appended to it. */
  full: boolean
  gone: boolean
}

/** A batch in a spool. */
export interface Spooled {
  readonly place: Place
  readonly segment: { readonly path: string; readonly gone: boolean }
  /** Somebody is sending it. */
  taken: boolean
}

/** Segments in the order in which they were written. */
export class SpoolFolder {
  readonly path: string
  readonly #segments: Segment[] = []
  readonly #segmentSize: number
  #number = 0
  /** Bytes on disk. */
  bytes = 0
  /** Spans that wait. */
  spans = 0

  constructor(path: string, segmentSize: number = SEGMENT_SIZE) {
    this.path = path
    this.#segmentSize = Math.min(segmentSize, SEGMENT_SIZE)
  }

  /** What another process has left. `torn` is called for each record that was not written to its end. */
  static left(path: string, torn: (spans: number) => void): SpoolFolder {
    const folder = new SpoolFolder(path, 0)
    for (const name of readdirSync(path).sort()) folder.#load(join(path, name), torn)
    return folder
  }

  /** The oldest that waits and is not being sent. */
  next(): Spooled | undefined {
    for (const { waiting } of this.#segments) {
      const found = waiting.find(({ taken }) => !taken)
      if (found !== undefined) return found
    }
    return undefined
  }

  get empty(): boolean {
    return this.#segments.length === 0
  }

  /** Undefined where the file system refuses. */
  append(batch: PackedBatch, time: number): Spooled | undefined {
    const segment = this.#room()
    try {
      // Each time: the folder goes when it is empty.
      if (segment.bytes === 0) mkdirSync(this.path, { recursive: true, mode: 0o700 })
      const place = append(segment.path, segment.bytes, batch, time)
      const spooled: Spooled = { place, segment, taken: false }
      if (segment.bytes === 0) this.#segments.push(segment)
      segment.waiting.push(spooled)
      segment.bytes += framedSize(batch)
      this.bytes += framedSize(batch)
      this.spans += batch.spans
      return spooled
    } catch {
      this.#undo(segment)
      return undefined
    }
  }

  /** Undefined where it is not there any more, or not what was written. */
  read({ segment, place }: Spooled): Uint8Array | undefined {
    try {
      return read(segment.path, place)
    } catch {
      return undefined
    }
  }

  /** It need not be sent again; the file goes with the last of it. */
  settle(spooled: Spooled): void {
    const segment = this.#segments.find(each => each === spooled.segment)
    if (segment === undefined) return
    const index = segment.waiting.indexOf(spooled)
    if (index < 0) return
    segment.waiting.splice(index, 1)
    this.spans -= spooled.place.spans
    if (segment.waiting.length === 0) this.#delete(segment)
    else attempt(() => markSettled(segment.path, spooled.place))
  }

  /** Gives up the oldest segment; the spans of what waited there, without what is being sent. */
  dropOldest(): number {
    const segment = this.#segments[0]
    if (segment === undefined) return 0
    const lost = segment.waiting.filter(({ taken }) => !taken)
    for (const { place } of segment.waiting) this.spans -= place.spans
    this.#delete(segment)
    return sum(lost.map(({ place }) => place.spans))
  }

  /** Says to others that the owner lives. */
  touch(): void {
    const now = new Date()
    if (!this.empty) attempt(() => utimesSync(this.path, now, now))
  }

  /** Deletes the folder where nothing waits in it. */
  close(): void {
    if (this.empty) attempt(() => rmdirSync(this.path))
  }

  #load(path: string, torn: (spans: number) => void): void {
    try {
      const found = scan(path)
      if (found.torn !== undefined) torn(found.torn.spans)
      const segment: Segment = { path, bytes: found.bytes, waiting: [], full: false, gone: false }
      for (const place of found.places) if (!place.settled) segment.waiting.push({ place, segment, taken: false })
      this.#segments.push(segment)
      this.bytes += found.bytes
      this.spans += sum(segment.waiting.map(({ place }) => place.spans))
      if (segment.waiting.length === 0) this.#delete(segment)
    } catch {
      // Not a file of ours, or not to be read by us.
    }
  }

  #room(): Segment {
    const last = this.#segments.at(-1)
    if (last !== undefined && !last.full && last.bytes < this.#segmentSize) return last
    const path = join(this.path, `${String(++this.#number).padStart(8, '0')}.spool`)
    return { path, bytes: 0, waiting: [], full: false, gone: false }
  }

  /** What a full disk took of a record is no record. */
  #undo(segment: Segment): void {
    segment.full = true
    if (segment.bytes > 0) attempt(() => truncateSync(segment.path, segment.bytes))
    else attempt(() => unlinkSync(segment.path))
  }

  #delete(segment: Segment): void {
    this.#segments.splice(this.#segments.indexOf(segment), 1)
    segment.gone = true
    this.bytes -= segment.bytes
    attempt(() => unlinkSync(segment.path))
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

/** What cannot be done here harms nobody: at worst a batch is sent twice. */
function attempt(action: () => void): void {
  try {
    action()
  } catch {}
}
