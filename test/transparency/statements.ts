import type { Writer } from './program-writer.ts'
import { deeper, type Scope } from './scope.ts'

/** A statement, and what those behind it can refer to in addition. */
export interface Declared {
  readonly code: string
  readonly scope: Partial<Scope>
}

type Alternative = (scope: Scope) => string | Declared

/** Statements, one a line or more. */
export class Statements {
  readonly #writer: Writer

  constructor(writer: Writer) {
    this.#writer = writer
  }

  /** The content of a block or body. */
  list(scope: Scope, most = 4): string {
    const lines: string[] = []
    let here = scope
    const count = 1 + this.#writer.choices.below(most)
    for (let i = 0; i < count; i++) {
      const made = this.#any(here)
      const { code, scope: added } = typeof made === 'string' ? { code: made, scope: {} } : made
      lines.push(code)
      here = { ...here, ...added }
    }
    return lines.join('\n')
  }

  block(scope: Scope): string {
    return `{\n${this.list(deeper(scope))}\n}`
  }

  /** At the top level: what it throws, or rejects with, is logged; not always, so that some rejections stay unhandled. */
  guarded(scope: Scope, declared?: Partial<Scope>): string {
    const { choices, expressions } = this.#writer
    const value = declared ? expressions.call(scope, declared) : expressions.any(scope)
    const tag = this.#writer.tag()
    const settle = choices.chance(3) ? '' : `settle(${tag}, `
    return `try { ${settle}log(${tag}, ${value})${settle ? ')' : ''} } catch (e) { log(${tag}, e) }`
  }

  #any(scope: Scope): string | Declared {
    const { choices } = this.#writer
    const all = scope.depth <= 0 ? this.#leaves(scope) : [...this.#leaves(scope), ...this.#nested(scope)]
    return choices.pick(all)(deeper(scope))
  }

  #leaves(scope: Scope): readonly Alternative[] {
    const { choices, expressions } = this.#writer
    const all: Alternative[] = [
      ...Array.from({ length: 5 }, () => (s: Scope) => `${expressions.logged(s)};`),
      s => this.#variable(s),
      s => this.#variable(s),
      s => this.#destructured(s),
      () => `throw new Error('e${this.#writer.tag()}');`,
    ]
    if (scope.inFunction) all.push(s => this.#return(s))
    if (scope.loops > 0) all.push(() => choices.pick(['break', 'continue']) + this.#label(scope))
    if (scope.inSwitch) all.push(() => 'break;')
    return all
  }

  #return(scope: Scope): string {
    const { choices, expressions } = this.#writer
    const value = choices.below(5) === 4 ? '' : expressions.any(scope)
    if (value === '') return 'return;'
    return choices.pick([`return ${value};`, `return (${value})`, `return(${value});`, `return[${value}]`])
  }

  #label({ labels }: Scope): string {
    const { choices } = this.#writer
    return labels.length > 0 && choices.chance(2) ? ` ${choices.pick(labels)};` : ';'
  }

  #variable(scope: Scope): Declared {
    const { choices, expressions } = this.#writer
    const shadows = scope.variables.length > 0 && choices.chance(6)
    const kind = shadows ? 'var' : choices.pick(['let', 'var'])
    const name = this.#writer.name('v')
    const code = `${kind} ${name} = ${expressions.any(scope)};`
    return { code, scope: { variables: [...scope.variables, name] } }
  }

  #destructured(scope: Scope): Declared {
    const { expressions, choices } = this.#writer
    const [a, b] = [this.#writer.name('v'), this.#writer.name('v')]
    const value = expressions.any(deeper(scope))
    const code = choices.pick([
      `let { x: ${a} = ${value}, ...${b} } = { y: 1 };`,
      `let [${a}, ${b} = ${value}] = numbers(${choices.below(3)});`,
    ])
    return { code, scope: { variables: [...scope.variables, a, b] } }
  }

  #nested(scope: Scope): readonly Alternative[] {
    const { functions, expressions } = this.#writer
    const all: Alternative[] = [
      s => this.#try(s),
      s => this.#try(s),
      s => `if (${expressions.any(s)}) ${this.block(s)} else ${this.block(s)}`,
      s => this.#loop(s),
      s => this.#loop(s),
      s => this.#switch(s),
      s => this.block(s),
      s => this.#labelled(s),
      s => functions.declaration(s),
      s => this.#hoisted(s),
      s => this.#using(s),
    ]
    if (scope.async)
      all.push(
        s => this.#forAwait(s),
        s => this.#awaitUsing(s),
      )
    if (!scope.strict)
      all.push(
        s => this.#eval(s),
        s => `with ({ w: ${expressions.any(s)} }) { log(${this.#writer.tag()}, w) }`,
      )
    return all
  }

  #try(scope: Scope): string {
    const { choices } = this.#writer
    const error = this.#writer.name('e')
    const inCatch = deeper(scope, { variables: [...scope.variables, error] })
    const handler = ` catch (${error}) {\nlog(${this.#writer.tag()}, ${error});\n${this.list(inCatch)}\n}`
    const bare = ` catch ${this.block(scope)}`
    const finalizer = ` finally ${this.block(scope)}`
    const parts = choices.pick([handler, handler + finalizer, finalizer, bare, bare + finalizer])
    return `try ${this.block(scope)}${parts}`
  }

  #loop(scope: Scope): string {
    const { choices, expressions } = this.#writer
    const label = choices.chance(3) ? this.#writer.name('l') : undefined
    const labels = label ? [...scope.labels, label] : scope.labels
    const item = this.#writer.name('i')
    const inside = deeper(scope, { loops: scope.loops + 1, labels, variables: [...scope.variables, item] })
    const body = this.block(inside)
    const loop = choices.pick([
      `for (let ${item} = 0; ${item} < 2 && burn(); ${item}++) ${body}`,
      `for (const ${item} of ${expressions.iterable(scope)}) ${body}`,
      `for (let ${item} in { a: 1, b: 2 }) ${body}`,
      `for (var ${item} of [${expressions.args(deeper(scope))}]) ${body}`,
      `var ${item} = 2; while (burn() && ${item}--) ${body}`,
      `var ${item} = 2; do ${body} while (burn() && --${item} > 0)`,
    ])
    return label ? loop.replace(/^(var \w+ = 2; )?/, `$1${label}: `) : loop
  }

  #labelled(scope: Scope): string {
    const label = this.#writer.name('l')
    const leave = this.#writer.choices.chance(2) ? `if (burn()) break ${label};\n` : ''
    return `${label}: {\n${this.list(deeper(scope))}\n${leave}${this.list(deeper(scope), 2)}\n}`
  }

  #forAwait(scope: Scope): string {
    const { choices, expressions } = this.#writer
    const label = choices.chance(3) ? this.#writer.name('l') : undefined
    const item = this.#writer.name('i')
    const labels = label ? [...scope.labels, label] : scope.labels
    const inside = deeper(scope, { loops: scope.loops + 1, labels, variables: [...scope.variables, item] })
    const head = `${label ? `${label}: ` : ''}for await (const ${item} of ${expressions.asyncIterable(scope)})`
    return choices.chance(3) ? `${head} ${expressions.logged(inside)};` : `${head} ${this.block(inside)}`
  }

  #switch(scope: Scope): string {
    const { expressions, choices } = this.#writer
    const inside = deeper(scope, { inSwitch: true })
    const cases = [0, 1].map(n => `case ${n === 0 ? 0 : expressions.any(inside)}: {\n${this.list(inside)}\n}`)
    const last = `default: {\n${this.list(inside)}\n}`
    const order = choices.chance(2) ? [cases[0], last, cases[1]] : [...cases, last]
    return `switch (${expressions.any(scope)}) {\n${order.join('\n')}\n}`
  }

  /** A function that is called before the line that declares it; in sloppy code maybe declared once more in its block. */
  #hoisted(scope: Scope): string {
    const { choices, expressions } = this.#writer
    const name = this.#writer.name('h')
    const call = `log(${this.#writer.tag()}, typeof ${name} === 'function' ? ${name}(${expressions.args(scope)}) : ${name});`
    const body = (): string =>
      `{ return ${expressions.any(deeper(scope, { async: false, generator: false, ownThis: true, super: 'nothing' }))} }`
    const declaration = `function ${name}() ${body()}`
    const again = choices.pick(['', scope.strict ? '' : `function ${name}() ${body()}`, `{ function ${name}() {} }`])
    return choices.chance(2) ? `${call}\n${declaration}` : `{\n${call}\n${declaration}\n${again}\n}`
  }

  #using(scope: Scope): Declared {
    const { choices, expressions } = this.#writer
    const name = this.#writer.name('r')
    const resources = [`resource(${this.#writer.tag()})`, `failingResource(${this.#writer.tag()})`]
    const value = choices.pick([...resources, 'null', expressions.any(deeper(scope))])
    return block(`using ${name} = ${value};\n${this.list(deeper(scope))}`)
  }

  #awaitUsing(scope: Scope): Declared {
    const { choices } = this.#writer
    const name = this.#writer.name('r')
    const makers = ['asyncResource', 'resource', 'failingResource']
    const value = choices.pick([...makers.map(maker => `${maker}(${this.#writer.tag()})`), 'null'])
    return block(`await using ${name} = ${value};\n${this.list(deeper(scope))}`)
  }

  #eval({ variables, ownThis }: Scope): string {
    const { choices } = this.#writer
    const what = [...variables, ...(ownThis ? ['arguments.length', 'this', 'new.target'] : []), '1']
    const name = this.#writer.name('v')
    return choices.pick([
      `eval('log(${this.#writer.tag()}, ${choices.pick(what)})');`,
      `eval('var ${name} = 1'); log(0, ${name});`,
    ])
  }
}

function block(content: string): Declared {
  return { code: `{\n${content}\n}`, scope: {} }
}
