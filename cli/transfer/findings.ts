import { progressOn } from '../progress.ts'
import type { ImportSource } from './import-source.ts'

/** Places that are named; of others, how many there are. */
const NAMED = 10

/** What an import leaves out, named or counted, and how far it is. */
export class Findings {
  readonly #progress = progressOn(process.stderr)
  readonly #leftOut = new Map<string, number>()
  readonly #named: string[] = []
  #unreadable = 0
  #source: ImportSource | undefined
  #isOneOfSeveral = false
  #bytes = 0
  #passes = 1

  /** `passes`: how many times the source is read. */
  begin(source: ImportSource, passes: number, isOneOfSeveral: boolean): void {
    this.#source = source
    this.#isOneOfSeveral = isOneOfSeveral
    this.#bytes = 0
    this.#passes = passes
  }

  /** So many bytes more were read. */
  read(bytes: number): void {
    const { name, size } = this.#source ?? { name: '' }
    this.#bytes += bytes
    const share = size === undefined ? undefined : Math.floor((100 * this.#bytes) / (size * this.#passes))
    this.#progress.show(`${name}: ${share === undefined ? `${(this.#bytes / 1e6).toFixed(0)} MB` : `${share} %`}`)
  }

  /** Something cannot be read, or not as it is; where it is, and why. */
  name(place: string, why: string): void {
    this.#unreadable++
    if (this.#named.length < NAMED)
      this.#named.push(`${this.#isOneOfSeveral ? `${this.#source?.name} ` : ''}${place}: ${why}`)
  }

  /** Something has no place in a trace. `what`: of one, of many. */
  leaveOut(what: string, count = 1): void {
    if (count > 0) this.#leftOut.set(what, (this.#leftOut.get(what) ?? 0) + count)
  }

  clear(): void {
    this.#progress.clear()
  }

  /** What was left out, and what is not as it should be, for people. */
  lines(): string[] {
    const more = this.#unreadable - this.#named.length
    return [
      ...this.#named,
      ...(more > 0 ? [`and ${more} more like these`] : []),
      ...Array.from(this.#leftOut, ([what, count]) => `left out: ${count} × ${what}`),
    ]
  }
}
