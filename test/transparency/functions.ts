import type { Writer } from './program-writer.ts'
import { deeper, inFunction, type Scope } from './scope.ts'
import type { Declared } from './statements.ts'

interface Kind {
  readonly async: boolean
  readonly generator: boolean
}

const KINDS: readonly Kind[] = [
  { async: false, generator: false },
  { async: true, generator: false },
  { async: false, generator: true },
  { async: true, generator: true },
]

interface Parameters {
  readonly code: string
  readonly names: readonly string[]
  readonly simple: boolean
}

/** Everything that has a body: functions, methods, accessors, constructors, classes. */
export class Functions {
  readonly #writer: Writer

  constructor(writer: Writer) {
    this.#writer = writer
  }

  declaration(scope: Scope): Declared {
    const { choices } = this.#writer
    if (choices.chance(5)) return this.#classDeclaration(scope)
    const kind = choices.pick(KINDS)
    const name = this.#writer.name('f')
    const code = this.#function(kind, name, scope)
    return { code, scope: this.#named(scope, kind, name) }
  }

  #named(scope: Scope, { async, generator }: Kind, name: string): Partial<Scope> {
    if (!generator) return { functions: [...scope.functions, name] }
    if (async) return { asyncGenerators: [...scope.asyncGenerators, name] }
    return { generators: [...scope.generators, name] }
  }

  functionExpression(scope: Scope): string {
    const { choices } = this.#writer
    return this.#function(choices.pick(KINDS), choices.chance(2) ? this.#writer.name('f') : '', scope)
  }

  /** An arrow, mostly; without parameters that it would need. */
  callback(scope: Scope): string {
    const { choices, expressions } = this.#writer
    const async = choices.chance(3)
    const parameters = this.#parameters(scope, async)
    const inside = inFunction(scope, { async, generator: false, strict: scope.strict })
    const body = { ...inside, variables: [...scope.variables, ...parameters.names] }
    const head = `${async ? 'async ' : ''}(${parameters.code}) =>`
    if (scope.depth <= 0 || choices.chance(2)) return `(${head} ${this.#concise(expressions.any(body))})`
    return `(${head} {\n${this.#body(body, parameters)}\n})`
  }

  #concise(value: string): string {
    return value.startsWith('{') ? `(${value})` : value
  }

  #function({ async, generator }: Kind, name: string, scope: Scope): string {
    const inside = { async, generator, ownThis: true, super: 'nothing', privates: scope.privates } as const
    return `${async ? 'async ' : ''}function${generator ? '*' : ''} ${name}${this.#callable(scope, inside, async || generator)}`
  }

  /** `(parameters) { body }` */
  #callable(scope: Scope, changes: Partial<Scope>, special = false, before = ''): string {
    const parameters = this.#parameters(scope, special)
    const inside = inFunction(scope, changes)
    const body = { ...inside, variables: [...scope.variables, ...parameters.names] }
    return `(${parameters.code}) {\n${this.#body(body, parameters, before)}\n}`
  }

  #body(scope: Scope, { simple }: Parameters, before = ''): string {
    const { choices, statements } = this.#writer
    const directive = simple && choices.chance(8) ? "'use strict';\n" : choices.chance(16) ? "'other'\n" : ''
    const strict = scope.strict || directive.includes('use strict')
    const twice = choices.chance(10) ? this.#declaredTwice(strict) : ''
    return directive + before + twice + statements.list({ ...scope, strict })
  }

  // What a body allows and a block does not, or treats otherwise.
  #declaredTwice(strict: boolean): string {
    const { choices } = this.#writer
    const name = this.#writer.name('d')
    const one = (): string => `function ${name}() { return ${this.#writer.tag()} }\n`
    const again = choices.pick([
      '',
      `var ${name};\n`,
      one(),
      `{ function ${name}() { return 0 } }\n`,
      strict ? '' : `eval('1');\n`,
    ])
    return `log(${this.#writer.tag()}, ${name}());\n${one()}${again}log(${this.#writer.tag()}, ${name}());\n`
  }

  /** `special`: neither `await` nor `yield` in defaults, so none is written for any. */
  #parameters(scope: Scope, _special: boolean): Parameters {
    const { choices, expressions } = this.#writer
    const plain = deeper(scope, {
      async: false,
      generator: false,
      super: 'nothing',
      depth: Math.min(scope.depth - 1, 1),
      ownThis: false,
    })
    const count = choices.below(4)
    const names: string[] = []
    let simple = true
    const codes = Array.from({ length: count }, (_, i) => {
      const shadows = scope.variables.filter(name => !names.includes(name))
      const name = shadows.length > 0 && choices.chance(5) ? choices.pick(shadows) : this.#writer.name('p')
      const before = {
        ...plain,
        variables: [...scope.variables.filter(v => v !== name), ...names.filter(v => v !== name)],
      }
      names.push(name)
      const form = choices.below(6)
      if (form < 3) return name
      simple = false
      if (form === 3) return `${name} = ${expressions.any(before)}`
      if (form === 4) return `{ x: ${name} = ${expressions.any(before)} } = {}`
      return i === count - 1 ? `...${name}` : `[${name}] = [${expressions.any(before)}]`
    })
    return { code: codes.join(', '), names, simple }
  }

  objectLiteral(scope: Scope): string {
    const { choices, expressions } = this.#writer
    const members = Array.from({ length: 1 + choices.below(3) }, () => this.#member(scope, 'members', []))
    const values = [`a: ${expressions.any(scope)}`, ...members]
    return `{ ${values.join(', ')} }`
  }

  /** A method or accessor; of a class or an object. */
  #member(scope: Scope, superUse: Scope['super'], privates: readonly string[]): string {
    const { choices } = this.#writer
    const inside = { ownThis: true, super: superUse, privates, async: false, generator: false } as const
    const name = choices.pick(['greet', 'm', "'quoted name'", '[Symbol.iterator]', '12'])
    switch (choices.below(6)) {
      case 0:
      case 1:
        return `${name}${this.#callable(scope, inside)}`
      case 2:
        return `get size() {\n${this.#writer.statements.list(inFunction(scope, inside), 2)}\n}`
      case 3:
        return `set size(value) {\nlog(${this.#writer.tag()}, value);\n${this.#writer.statements.list(inFunction(scope, inside), 2)}\n}`
      case 4:
        return `async ${name}${this.#callable(scope, { ...inside, async: true }, true)}`
      default:
        return choices.chance(2)
          ? `*${name}${this.#callable(scope, { ...inside, generator: true }, true)}`
          : `async *${name}${this.#callable(scope, { ...inside, async: true, generator: true }, true)}`
    }
  }

  #classDeclaration(scope: Scope): Declared {
    const name = this.#writer.name('C')
    return { code: this.#class(scope, name), scope: { classes: [...scope.classes, name] } }
  }

  classExpression(scope: Scope): string {
    return this.#class(scope, this.#writer.choices.chance(2) ? this.#writer.name('C') : '')
  }

  #class(outer: Scope, name: string): string {
    const { choices } = this.#writer
    const scope = deeper(outer, { strict: true })
    const parent = choices.chance(2) ? choices.pick(['Base', ...scope.classes, ...scope.functions]) : undefined
    const privates = choices.chance(2) ? [`#x${this.#writer.tag()}`] : []
    const parts = privates.map(each => this.#private(scope, each, privates))
    if (choices.chance(2)) parts.push(this.#constructs(scope, parent !== undefined, privates))
    const members = 1 + choices.below(3)
    for (let i = 0; i < members; i++) parts.push(this.#classMember(scope, privates))
    return `class ${name}${parent ? ` extends ${parent}` : ''} {\n${parts.join('\n')}\n}`
  }

  /** A field, method or accessor of this name. */
  #private(scope: Scope, name: string, privates: readonly string[]): string {
    const { choices, statements } = this.#writer
    const inside = { ownThis: true, super: 'members', privates, async: false, generator: false } as const
    switch (choices.below(6)) {
      case 3:
        return `${name}${this.#callable(scope, inside)}`
      case 4:
        return `async ${name}${this.#callable(scope, { ...inside, async: true }, true)}`
      case 5: {
        const body = (): string => statements.list(inFunction(scope, inside), 2)
        return `get ${name}() {\n${body()}\n}\nset ${name}(value) {\nlog(${this.#writer.tag()}, value);\n${body()}\n}`
      }
      default:
        return `${name} = ${this.#field(scope)};`
    }
  }

  #classMember(scope: Scope, privates: readonly string[]): string {
    const { choices, statements } = this.#writer
    switch (choices.below(6)) {
      case 0:
        return `field = ${this.#field(scope)};`
      case 1:
        return `static make = ${this.#field(scope)};`
      case 2: {
        const inside = { async: false, generator: false, ownThis: false, super: 'members', inFunction: false } as const
        return `static {\n${statements.list(inFunction(scope, { ...inside, privates: [] }), 2)}\n}`
      }
      case 3:
        return `static ${this.#member(scope, 'members', [])}`
      default:
        return this.#member(scope, 'members', privates)
    }
  }

  #field(scope: Scope): string {
    const inside = deeper(scope, {
      async: false,
      generator: false,
      ownThis: false,
      super: 'nothing',
      inFunction: false,
    })
    return this.#writer.expressions.any(inside)
  }

  #constructs(scope: Scope, derived: boolean, privates: readonly string[]): string {
    const { choices, expressions } = this.#writer
    const inside = { async: false, generator: false, ownThis: true, super: 'members', privates } as const
    const early = choices.chance(4) ? `log(${this.#writer.tag()}, this);\n` : ''
    const callSuper = choices.pick([
      `super(${expressions.args(deeper(scope, { async: false, generator: false, ownThis: false, super: 'nothing' }))});\n`,
      `try { super(1); } finally { log(${this.#writer.tag()}, this); }\n`,
      `(() => super(2))();\n`,
      `super();\nsuper();\n`,
      `if (num(arguments[0]) === 1) return { other: true };\nsuper();\n`,
    ])
    return `constructor${this.#callable(scope, inside, false, derived ? early + callSuper : '')}`
  }
}
