import { Random } from '../support/random.ts'

/**
 * Random programs of functions that call one another in every way that carries context: directly, awaited, side by
 * side, from timers, ticks, microtasks, emitters and bound callbacks, through generators and through functions that are
 * not traced. Every call hands on an id that says, by data, who it is; what is traced is compared by these ids.
 */
type Kind = 'sync' | 'async' | 'generator' | 'async-generator'

/** How the traced functions of a program are written. */
export interface Style {
  /** The source of a traced function with this body; it has the parameter `id`. */
  traced(name: string, kind: Kind, body: string): string
}

const FUNCTIONS = 9
const STATEMENTS = 4

export function generateProgram(seed: number, style: Style): string {
  const random = new Random(seed)
  const kinds: Kind[] = Array.from({ length: FUNCTIONS }, (_, i) => (i === 0 ? 'async' : kindFrom(random)))
  const traced = kinds.map((_, i) => i === 0 || random.chance(0.75))
  const functions = kinds.map((kind, i) => {
    const body = new Body(random, kinds, i, kind).source()
    return traced[i] ? style.traced(`f${i}`, kind, `$id(id)\n${body}`) : plain(`u${i}`, kind, body)
  })
  const aliases = traced.map((yes, i) => (yes ? '' : `const f${i} = u${i}\n`)).join('')
  return `${functions.join('\n')}\n${aliases}export const main = f0\n`
}

export function plain(name: string, kind: Kind, body: string): string {
  const [prefix, star] = {
    sync: ['', ''],
    async: ['async ', ''],
    generator: ['', '*'],
    'async-generator': ['async ', '*'],
  }[kind] as [string, string]
  return `${prefix}function${star} ${name}(id) {\n${body}\n}`
}

function kindFrom(random: Random): Kind {
  return random.pick(['sync', 'sync', 'async', 'async', 'async', 'generator', 'async-generator'] as const)
}

/** The statements of one function. Functions call only later ones, so every program ends. */
class Body {
  readonly #random: Random
  readonly #kinds: readonly Kind[]
  readonly #self: number
  readonly #kind: Kind
  #calls = 0

  constructor(random: Random, kinds: readonly Kind[], self: number, kind: Kind) {
    this.#random = random
    this.#kinds = kinds
    this.#self = self
    this.#kind = kind
  }

  source(): string {
    const count = 1 + this.#random.below(STATEMENTS)
    const statements = Array.from({ length: count }, () => this.#statement(2))
    return `${statements.join(';\n')};\n${this.#ending()}`
  }

  get #awaits(): boolean {
    return this.#kind === 'async' || this.#kind === 'async-generator'
  }

  get #yields(): boolean {
    return this.#kind === 'generator' || this.#kind === 'async-generator'
  }

  #ending(): string {
    const roll = this.#random.below(6)
    if (roll === 0) return `return ${this.#promise()}`
    if (roll === 1 && this.#awaits) return `return await ${this.#promise()}`
    if (roll === 2 && this.#random.chance(0.4)) return `throw new Error(id)`
    return ''
  }

  #statement(depth: number): string {
    const choices: (() => string)[] = [
      () => this.#fire(),
      () => `setTimeout(() => { ${this.#fire()} }, ${this.#random.below(4)})`,
      () => `setImmediate(() => { ${this.#fire()} })`,
      () => `process.nextTick(() => { ${this.#fire()} })`,
      () => `queueMicrotask(() => { ${this.#fire()} })`,
      () => `Promise.resolve().then(() => { ${this.#fire()} })`,
      () => `$jobs.push($bind(() => { ${this.#fire()} }))`,
      () => `$runJob()`,
      () => `$emitter.once('event', () => { ${this.#fire()} }); $emitter.emit('event')`,
      () => `$other.run(${this.#random.below(9)}, () => { ${this.#fire()} })`,
      () => `[1, 2].map(i => { const outer = id; { const id = outer + '/' + i; ${this.#fire()} } })`,
    ]
    if (depth > 0)
      choices.push(
        () => this.#tryStatement(depth - 1),
        () => this.#tryStatement(depth - 1),
      )
    if (this.#awaits) {
      choices.push(
        () => this.#await(),
        () => this.#await(),
        () => this.#await(),
        () => `for await (const x of $stream(${this.#random.below(3)})) { ${this.#fire()} }`,
        () => `await Promise.all([${this.#promise()}, ${this.#promise()}].map($quiet))`,
        () => `await Promise.race([${this.#promise()}, ${this.#promise()}].map($quiet))`,
      )
    }
    if (this.#yields)
      choices.push(
        () => 'yield 1',
        () => 'yield 2',
        () => `yield* $steps(${this.#random.below(3)})`,
      )
    return this.#random.pick(choices)()
  }

  #await(): string {
    return this.#random.pick([
      () => `await $sleep(${this.#random.below(4)})`,
      () => 'await null',
      () => `await $quiet(${this.#promise()})`,
      () => `try { await $reject(id) } catch { ${this.#fire()} }`,
    ])()
  }

  #tryStatement(depth: number): string {
    const thrown = this.#random.chance(0.5) ? `throw new Error('inner')` : ''
    const ended = this.#random.chance(0.5) ? ` finally { ${this.#statement(0)} }` : ''
    return `try {\n${this.#statement(depth)};\n${this.#statement(depth)};\n${thrown} } catch { ${this.#statement(0)} }${ended}`
  }

  /** Calls a later function, and lets nothing of it out. */
  #fire(): string {
    return `$quiet(${this.#promise()})`
  }

  /** An expression that calls a later function, by the way that its kind asks for. */
  #promise(): string {
    const next = this.#self + 1 + this.#random.below(FUNCTIONS - this.#self)
    const id = `id + '.${this.#calls++}'`
    if (next >= FUNCTIONS) return `$leaf(${id})`
    switch (this.#kinds[next] as Kind) {
      case 'sync':
        return `$try(() => f${next}(${id}))`
      case 'async':
        return `f${next}(${id})`
      case 'generator':
        return `$try(() => $drain(f${next}(${id}), ${this.#random.below(4)}))`
      case 'async-generator':
        return `$drainAsync(f${next}(${id}), ${this.#random.below(4)})`
    }
  }
}
