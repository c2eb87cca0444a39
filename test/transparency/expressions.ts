import type { Writer } from './program-writer.ts'
import { deeper, type Scope } from './scope.ts'

type Alternative = (scope: Scope) => string

/**
 * Expressions. None turns a function into text, which instrumentation changes: no `+` on just anything, no computed keys.
 */
export class Expressions {
  readonly #writer: Writer

  constructor(writer: Writer) {
    this.#writer = writer
  }

  any(scope: Scope): string {
    const alternatives = scope.depth <= 0 ? this.#leaves(scope) : this.#all(scope)
    return this.#writer.choices.pick(alternatives)(deeper(scope))
  }

  /** Logs what an expression comes to, and comes to the same. */
  logged(scope: Scope): string {
    return `log(${this.#writer.tag()}, ${this.any(scope)})`
  }

  args(scope: Scope): string {
    const count = this.#writer.choices.below(4)
    const list = Array.from({ length: count }, () => this.any(scope))
    if (count > 0 && this.#writer.choices.chance(8)) list[count - 1] = `...[${this.any(scope)}, ${this.any(scope)}]`
    return list.join(', ')
  }

  /** Something that `for await` and `yield*` of an async generator can run through. */
  asyncIterable(scope: Scope): string {
    const { choices } = this.#writer
    const generators = scope.asyncGenerators.map(name => `${name}(${this.args(deeper(scope))})`)
    return choices.pick([`asyncNumbers(${choices.below(4)})`, ...generators, this.iterable(scope)])
  }

  iterable(scope: Scope): string {
    const { choices } = this.#writer
    const generators = scope.generators.map(name => `${name}(${this.args(deeper(scope))})`)
    return choices.pick([
      `numbers(${choices.below(4)})`,
      `watched(${choices.below(3)})`,
      `[${this.args(deeper(scope))}]`,
      ...generators,
      `new Set([${this.args(deeper(scope))}])`,
    ])
  }

  #leaves(scope: Scope): readonly Alternative[] {
    const { choices } = this.#writer
    const leaves: Alternative[] = [
      () => String(choices.below(10)),
      () => `'s${choices.below(4)}'`,
      () => choices.pick(['undefined', 'null', 'true', '-0', '7n', 'NaN', 'Symbol.iterator']),
    ]
    if (scope.variables.length > 0) leaves.push(() => choices.pick(scope.variables))
    if (scope.ownThis) leaves.push(...this.#ownLeaves())
    return leaves
  }

  #ownLeaves(): readonly Alternative[] {
    return [() => 'this', () => 'new.target', () => 'arguments[0]', () => 'arguments.length', () => '[...arguments]']
  }

  #all(scope: Scope): readonly Alternative[] {
    const all = [
      ...this.#leaves(scope),
      ...this.#operators(),
      ...this.#promises(),
      ...this.#calls(scope),
      ...this.#literals(),
      ...this.#drivers(scope),
    ]
    if (scope.async) all.push(this.#await, this.#await, this.#await)
    if (scope.generator) all.push(this.#yield, this.#yield, this.#delegate)
    if (scope.super === 'members')
      all.push(
        s => `super.greet(${this.args(s)})`,
        () => 'super.size',
        s => `(super.size = ${this.any(s)})`,
      )
    if (scope.privates.length > 0 && scope.ownThis) all.push(s => this.#private(s))
    return all
  }

  readonly #await: Alternative = scope => {
    const value = this.any(scope)
    const { choices } = this.#writer
    return choices.pick([`await ${parenthesised(value)}`, `(await ${parenthesised(value)})`, `await[${value}][0]`])
  }

  readonly #yield: Alternative = scope => {
    const value = this.any(scope)
    return this.#writer.choices.pick(['(yield)', `(yield ${value})`, `log(${this.#writer.tag()}, yield ${value})`])
  }

  readonly #delegate: Alternative = scope =>
    `(yield* ${scope.async ? this.asyncIterable(scope) : this.iterable(scope)})`

  #operators(): readonly Alternative[] {
    return [
      s => this.logged(s),
      s => `num(${this.any(s)}) + num(${this.any(s)})`,
      s => `(${this.any(s)} ? ${this.any(s)} : ${this.any(s)})`,
      s => `(${this.any(s)}, ${this.any(s)})`,
      s => `(${this.any(s)} ?? ${this.any(s)})`,
      s => `(${this.any(s)} && ${this.any(s)})`,
      s => `typeof ${parenthesised(this.any(s))}`,
      s => `(${this.any(s)})?.m?.(${this.any(s)})`,
      s => `[${this.args(s)}]`,
      s => `tag\`a\${${this.any(s)}}b\\n\``,
      s => (s.variables.length > 0 ? `(${this.#writer.choices.pick(s.variables)} = ${this.any(s)})` : '0'),
      s => (s.ownThis ? `(arguments[0] = ${this.any(s)})` : '1'),
      s => `void ${parenthesised(this.any(s))}`,
    ]
  }

  #promises(): readonly Alternative[] {
    const { choices } = this.#writer
    const error = (): string => `new Error('e${this.#writer.tag()}')`
    return [
      s => `Promise.resolve(${this.any(s)})`,
      () => `Promise.reject(${error()})`,
      s => `later(${choices.below(4)}, ${this.any(s)})`,
      () => `laterFailing(${choices.below(4)}, ${this.#writer.tag()})`,
      s => `thenable(${this.#writer.tag()}, ${this.any(s)})`,
      s => `special(${this.any(s)})`,
      s => `Promise.all([${this.args(s)}])`,
      s => `Promise.resolve(${this.any(s)}).then(${this.#callback(s)})`,
      s => `Promise.reject(${error()}).catch(${this.#callback(s)})`,
      s => `Promise.resolve(${this.any(s)}).finally(${this.#callback(s)})`,
    ]
  }

  #callback(scope: Scope): string {
    return this.#writer.functions.callback(scope)
  }

  #calls({ functions, classes, variables }: Scope): readonly Alternative[] {
    const { choices } = this.#writer
    const calls: Alternative[] = []
    for (const name of functions.slice(-4)) calls.push(s => `${name}(${this.args(s)})`)
    if (functions.length > 0) calls.push(s => `${choices.pick(functions)}.call(${this.any(s)}, ${this.any(s)})`)
    if (functions.length > 0) calls.push(s => `new ${choices.pick(functions)}(${this.args(s)})`)
    if (functions.length > 0) calls.push(() => `placeOf(${choices.pick(functions)})`)
    const makers = [...functions, ...classes]
    if (makers.length > 0) {
      calls.push(s => `Reflect.construct(${choices.pick(makers)}, [${this.args(s)}], ${choices.pick(makers)})`)
    }
    for (const name of classes.slice(-3)) {
      calls.push(s => `new ${name}(${this.args(s)})`)
      calls.push(s => `new ${name}(${this.any(s)}).greet(${this.any(s)})`)
      calls.push(
        s => `(new ${name}(${this.any(s)}).size = ${this.any(s)})`,
        () => `new ${name}().size`,
      )
      calls.push(() => `${name}.make?.(1)`)
    }
    if (variables.length > 0) calls.push(s => `(burn() && ${choices.pick(variables)}?.(${this.args(s)}))`)
    return calls
  }

  /** A call of what has just been declared, so that it runs at all. */
  call(scope: Scope, declared: Partial<Scope>): string {
    const only = (names: readonly string[] | undefined): readonly string[] => names?.slice(-1) ?? []
    const { functions, classes, generators, asyncGenerators } = declared
    const latest = { functions: only(functions), classes: only(classes), variables: [] }
    const driven = { generators: only(generators), asyncGenerators: only(asyncGenerators) }
    const calls = [...this.#calls({ ...scope, ...latest }), ...this.#drivers({ ...scope, ...driven })]
    return calls.length > 0 ? this.#writer.choices.pick(calls)(deeper(scope)) : this.any(scope)
  }

  #literals(): readonly Alternative[] {
    return [
      s => this.#writer.functions.callback(s),
      s => parenthesised(this.#writer.functions.functionExpression(s)),
      s => parenthesised(this.#writer.functions.objectLiteral(s)),
      s => `(${this.#writer.functions.functionExpression(s)})(${this.args(s)})`,
      s => parenthesised(this.#writer.functions.classExpression(s)),
    ]
  }

  #drivers({ generators, asyncGenerators }: Scope): readonly Alternative[] {
    const { choices } = this.#writer
    const script = (): string =>
      `'${Array.from({ length: 1 + choices.below(5) }, () => choices.pick(['n', 'n', 'n', 'r', 't'])).join('')}'`
    const all: Alternative[] = []
    if (generators.length > 0) {
      all.push(s => `drive(${this.#writer.tag()}, ${choices.pick(generators)}(${this.args(s)}), ${script()})`)
      all.push(s => `[...${choices.pick(generators)}(${this.args(s)})]`)
    }
    if (asyncGenerators.length > 0) {
      all.push(s => `driveAsync(${this.#writer.tag()}, ${choices.pick(asyncGenerators)}(${this.args(s)}), ${script()})`)
    }
    return all
  }

  #private(scope: Scope): string {
    const { choices } = this.#writer
    const name = choices.pick(scope.privates)
    return choices.pick([
      `this.${name}`,
      `(this.${name} = ${this.any(scope)})`,
      `this.${name}(${this.args(scope)})`,
      `(${name} in Object(this))`,
    ])
  }
}

function parenthesised(code: string): string {
  return `(${code})`
}
