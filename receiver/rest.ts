import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Milliseconds without anything to do. */
const QUIET = 3_000

/**
 * Gives memory back when there has been nothing to do for a while. V8 collects when something is allocated, which nobody does when nothing
 * comes: what a burst of spans took would stay taken until the next.
 */
export class Rest {
  #timer: NodeJS.Timeout | undefined
  readonly #collect: () => void = collector()
  readonly #begins: () => void

  /** `begins`: gives back what else is only needed while there is something to do. */
  constructor(begins: () => void = () => {}) {
    this.#begins = begins
  }

  /** Something was done. */
  disturb(): void {
    if (this.#timer !== undefined) this.#timer.refresh()
    else {
      this.#timer = setTimeout(() => {
        this.#timer = undefined
        this.#begins()
        this.#collect()
      }, QUIET)
      this.#timer.unref()
    }
  }
}

/** With this flag, new contexts have a function for it; ours stays without. */
function collector(): () => void {
  setFlagsFromString('--expose-gc')
  const gc = runInNewContext('gc') as (options: object) => void
  return () => gc({ type: 'major', flavor: 'last-resort' })
}
