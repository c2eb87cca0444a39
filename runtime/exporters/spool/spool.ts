import { mkdirSync, readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import type { SenderClock } from '../sender-clock.ts'
import { type Spooled, SpoolFolder } from './folder.ts'
import { isLeft, ownName, TOUCH_INTERVAL } from './owner.ts'
import { framedSize, type PackedBatch } from './segment.ts'

export interface SpoolLimits {
  /** On disk (256 MiB); beyond it the oldest go. */
  readonly maxBytes: number
  /** Milliseconds (7 days); what is older goes. */
  readonly maxAge: number
}

export const SPOOL_LIMITS: SpoolLimits = { maxBytes: 256 << 20, maxAge: 7 * 24 * 3_600_000 }

/** Spans, by what became of them. */
export interface SpoolCounts {
  /** Taken over from processes that have ended. */
  adopted: number
  /** Given up, since there was more than `maxBytes`. */
  overflowed: number
  /** Given up, since they were older than `maxAge`. */
  expired: number
  /** Damaged on disk. */
  damaged: number
  /** Records that were not written to their end: the last words of a killed process. */
  torn: number
}

/** Bounds of a spool are kept by giving up whole segments: an eighth of it at most. */
const SHARE = 8

/**
 * Batches on disk for one receiver: those of this process, in the order in which they were appended, and those that processes which have ended
 * left in the same folder. All of it is synchronous, since it must work while a process ends; each call costs some tens of microseconds.
 */
export class Spool {
  readonly counts: SpoolCounts = { adopted: 0, overflowed: 0, expired: 0, damaged: 0, torn: 0 }
  readonly #home: string
  readonly #limits: SpoolLimits
  readonly #clock: SenderClock
  readonly #own: SpoolFolder
  #adopted: SpoolFolder[] = []
  #stopTouching: (() => void) | undefined

  /** `home`: the folder in which each process has its own; made when it is not there. Throws where it cannot be. */
  constructor(home: string, limits: Partial<SpoolLimits>, clock: SenderClock) {
    mkdirSync(home, { recursive: true, mode: 0o700 })
    this.#home = home
    this.#limits = { ...SPOOL_LIMITS, ...limits }
    this.#clock = clock
    this.#own = new SpoolFolder(join(home, ownName()), Math.ceil(this.#limits.maxBytes / SHARE))
  }

  /** Bytes on disk. */
  get bytes(): number {
    return this.#folders.reduce((sum, { bytes }) => sum + bytes, 0)
  }

  /** Spans that wait. */
  get spans(): number {
    return this.#folders.reduce((sum, { spans }) => sum + spans, 0)
  }

  /** Takes over what processes that have ended left here. */
  adopt(): void {
    for (const name of this.#listed()) {
      const path = join(this.#home, name)
      if (path === this.#own.path || !isLeft(path, name, this.#clock.now())) continue
      const mine = join(this.#home, ownName())
      try {
        renameSync(path, mine)
        this.#take(mine)
      } catch {
        // Another process was first.
      }
    }
    this.#trim(0)
    this.#keepTouching()
  }

  /** Undefined where it has no place here, or the file system refuses: it is still the caller's. */
  append(batch: PackedBatch): Spooled | undefined {
    if (framedSize(batch) > this.#limits.maxBytes) return undefined
    this.#trim(framedSize(batch))
    this.#keepTouching()
    return this.#own.append(batch, this.#clock.now())
  }

  /** The oldest of this process's own that nobody sends. */
  nextOwn(): Spooled | undefined {
    return this.#fresh(this.#own)
  }

  /** The oldest of what was taken over. */
  nextAdopted(): Spooled | undefined {
    for (const folder of [...this.#adopted]) {
      const next = this.#fresh(folder)
      if (next !== undefined) return next
      this.#forget(folder)
    }
    return undefined
  }

  /** Takes it for sending; undefined, and counted, where it is damaged. */
  take(spooled: Spooled): PackedBatch | undefined {
    const body = this.#own.read(spooled)
    const { encoding, spans } = spooled.place
    if (body !== undefined) {
      spooled.taken = true
      return { body, encoding, spans }
    }
    this.counts.damaged += spans
    this.settle(spooled)
    return undefined
  }

  /** It was delivered, or refused for good. */
  settle(spooled: Spooled): void {
    for (const folder of this.#folders) folder.settle(spooled)
  }

  /** It was not sent after all. False where it went meanwhile, for lack of room: it is still the caller's. */
  giveBack(spooled: Spooled): boolean {
    spooled.taken = false
    return !spooled.segment.gone
  }

  /** Leaves nothing behind but what waits. */
  close(): void {
    this.#stopTouching?.()
    this.#stopTouching = undefined
    for (const folder of this.#folders) folder.close()
  }

  get #folders(): readonly SpoolFolder[] {
    return [...this.#adopted, this.#own]
  }

  #listed(): string[] {
    try {
      return readdirSync(this.#home).sort()
    } catch {
      return []
    }
  }

  #take(path: string): void {
    const folder = SpoolFolder.left(path, spans => {
      this.counts.torn++
      this.counts.adopted += spans
      this.counts.damaged += spans
    })
    folder.touch()
    this.counts.adopted += folder.spans
    this.#adopted.push(folder)
  }

  /** Its oldest, after what is too old has been given up. */
  #fresh(folder: SpoolFolder): Spooled | undefined {
    const oldest = this.#clock.now() - this.#limits.maxAge
    for (let next = folder.next(); next !== undefined; next = folder.next()) {
      if (next.place.time >= oldest) return next
      this.counts.expired += next.place.spans
      folder.settle(next)
    }
    return undefined
  }

  /** Makes room for `size` more bytes. */
  #trim(size: number): void {
    while (this.bytes + size > this.#limits.maxBytes) {
      const folder = this.#folders.find(({ empty }) => !empty)
      if (folder === undefined) return
      this.counts.overflowed += folder.dropOldest()
    }
  }

  #forget(folder: SpoolFolder): void {
    if (!folder.empty) return
    folder.close()
    this.#adopted = this.#adopted.filter(each => each !== folder)
  }

  #keepTouching(): void {
    this.#stopTouching ??= this.#clock.after(TOUCH_INTERVAL, () => {
      this.#stopTouching = undefined
      for (const folder of this.#folders) folder.touch()
      if (this.spans > 0) this.#keepTouching()
    })
  }
}
