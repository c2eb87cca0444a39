import { show } from './show.ts'
import type { Stacks } from './stacks.ts'

/** Entries a program may write before everything it calls throws. */
const MOST_ENTRIES = 600
/** Rounds of the microtask queue that are counted. */
const MOST_TICKS = 400

/** What a program can call, as globals; and what became of the program. */
export interface Host {
  readonly globals: Readonly<Record<string, unknown>>
  /** One line an entry: the tick, the tag, the value. */
  readonly entries: readonly string[]
  log(tag: unknown, value: unknown): void
  /** Begins to count the rounds of the microtask queue. */
  start(): void
}

/** The host of one run. `stacks` says what frames an error's stack has. */
export function createHost(stacks: Stacks): Host {
  const entries: string[] = []
  const identities = new Map<unknown, number>()
  let ticks = 0
  let fuel = MOST_ENTRIES
  const count = (): void => {
    if (++ticks < MOST_TICKS) queueMicrotask(count)
  }
  const burn = (): boolean => {
    if (--fuel < 0) throw new Error('out of fuel')
    return true
  }
  const write = (tag: unknown, value: unknown): void => {
    entries.push(`${ticks} ${String(tag)}: ${show(value, identities, stacks)}`)
  }
  const log = (tag: unknown, value: unknown): unknown => {
    burn()
    write(tag, value)
    return value
  }
  return {
    entries,
    log: write,
    start: count,
    globals: { log, burn, ...values(log), ...iterators(log), ...drivers(log) },
  }
}

type Log = (tag: unknown, value: unknown) => unknown

class Special<T> extends Promise<T> {}

function values(log: Log): Record<string, unknown> {
  const later = async (ticks: number, value: unknown, fail = false): Promise<unknown> => {
    for (let i = 0; i < ticks; i++) await null
    if (fail) throw new Error(`late ${String(value)}`)
    return value
  }
  return {
    later,
    laterFailing: (ticks: number, tag: number) => later(ticks, tag, true),
    num: (value: unknown) => (typeof value === 'number' ? value : 0),
    special: (value: unknown) => Special.resolve(value),
    // Lazy, as query builders are: to ask for `then` is to run it.
    thenable: (tag: number, value: unknown) => ({
      // biome-ignore lint/suspicious/noThenProperty: a thenable is what is wanted
      then(fulfil: (value: unknown) => void) {
        log(tag, 'then was called')
        fulfil(value)
      },
    }),
    tag: (strings: TemplateStringsArray, ...values: unknown[]) => [strings, strings.raw[0], ...values],
    settle: (tag: number, value: unknown) => {
      if (value instanceof Promise)
        value.then(
          v => log(`${tag} fulfilled`, v),
          e => log(`${tag} rejected`, e),
        )
    },
    // Without the frames above, and including, the last call of that function.
    placeOf: (caller: unknown) => {
      const error = new Error('place')
      if (typeof caller === 'function') Error.captureStackTrace(error, caller as () => void)
      return error
    },
    failingResource: (tag: number) => ({
      [Symbol.dispose]: () => {
        log(tag, 'disposed')
        // No error with frames: V8 has no place for the end of a block, and names that of something before.
        throw `disposal ${tag}`
      },
    }),
    resource: (tag: number) => ({ [Symbol.dispose]: () => void log(tag, 'disposed') }),
    asyncResource: (tag: number) => ({ [Symbol.asyncDispose]: async () => void log(tag, await later(1, 'disposed')) }),
    Base: class Base {
      size = 3
      greet(...values: unknown[]): unknown {
        return log('Base.greet', values)
      }
    },
  }
}

/** Iterators that say what is asked of them. */
function iterators(log: Log): Record<string, unknown> {
  const steps = (name: string, count: number): object => {
    let i = 0
    return {
      next: (value: unknown) => {
        log(`${name}.next`, value)
        return { value: i, done: i++ >= count }
      },
      return: (value: unknown) => {
        log(`${name}.return`, value)
        return { value, done: true }
      },
      throw: (error: unknown) => {
        log(`${name}.throw`, error)
        throw error
      },
    }
  }
  const promised = (iterator: object): object =>
    Object.fromEntries(
      Object.entries(iterator).map(([name, step]) => [name, async (value: unknown) => step(value)] as const),
    )
  // Results whose reading shows; neither `return` nor `throw`, for which they are asked.
  const watched = (count: number): object => {
    let i = 0
    const result = (value: number): object => ({
      get done() {
        return log('done', value >= count)
      },
      get value() {
        return log('value', value)
      },
    })
    const optional = {
      get: (_: object, name: string) => (name === 'next' ? () => result(i++) : void log('asked', name)),
    }
    return new Proxy({}, optional)
  }
  return {
    watched: (count: number) => ({ [Symbol.iterator]: () => watched(count) }),
    numbers: (count: number) => ({ [Symbol.iterator]: () => steps('numbers', count) }),
    asyncNumbers: (count: number) => ({ [Symbol.asyncIterator]: () => promised(steps('asyncNumbers', count)) }),
  }
}

/** Generators driven by a script: n is next, r return, t throw. Async ones get all requests at once. */
function drivers(log: Log): Record<string, unknown> {
  const NAMES = { n: 'next', r: 'return', t: 'throw' } as const
  type Steps = Record<'next' | 'return' | 'throw', (value: unknown) => unknown>
  const each = (script: string, step: (name: 'next' | 'return' | 'throw', i: number) => void): void =>
    [...script].forEach((letter, i) => void step(NAMES[letter as 'n'], i))
  return {
    drive(tag: number, generator: Steps, script: string) {
      each(script, (name, i) => {
        try {
          log(`${tag} ${name} ${i}`, generator[name](i))
        } catch (error) {
          log(`${tag} ${name} ${i} threw`, error)
        }
      })
    },
    driveAsync(tag: number, generator: Steps, script: string) {
      each(script, (name, i) => {
        const promise = generator[name](i) as Promise<unknown>
        promise.then(
          v => log(`${tag} ${name} ${i}`, v),
          e => log(`${tag} ${name} ${i} rejected`, e),
        )
      })
    },
  }
}
