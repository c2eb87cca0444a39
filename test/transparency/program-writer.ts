import { Choices } from './choices.ts'
import { Expressions } from './expressions.ts'
import { Functions } from './functions.ts'
import { type Scope, topLevel } from './scope.ts'
import { Statements } from './statements.ts'

export type ProgramFormat = 'commonjs' | 'module' | 'script'

export interface Program {
  readonly code: string
  readonly format: ProgramFormat
}

/** What all parts of the writer share. The parts need each other, so they meet here. */
export class Writer {
  readonly choices: Choices
  readonly expressions: Expressions
  readonly statements: Statements
  readonly functions: Functions
  #names = 0

  constructor(numbers: readonly number[]) {
    this.choices = new Choices(numbers)
    this.expressions = new Expressions(this)
    this.statements = new Statements(this)
    this.functions = new Functions(this)
  }

  /** A name that nothing else has. */
  name(prefix: string): string {
    return `${prefix}${++this.#names}`
  }

  /** A number that nothing else has: by it, the entries of two logs can be told apart. */
  tag(): number {
    return ++this.#names
  }
}

/** A program over the grammar of functions, made of these numbers. It calls the functions of `host.ts`, and ends. */
export function writeProgram(numbers: readonly number[]): Program {
  const writer = new Writer(numbers)
  const format = writer.choices.pick(['commonjs', 'commonjs', 'module', 'script'] as const)
  const strict = format === 'module' || writer.choices.chance(3)
  const directive = strict && format !== 'module' ? "'use strict'\n" : ''
  let scope: Scope = topLevel(strict, format === 'module')
  const parts: string[] = []
  const count = 1 + writer.choices.below(12)
  for (let i = 0; i < count && (i === 0 || !writer.choices.ended); i++) {
    const declared = writer.functions.declaration(scope)
    parts.push(declared.code)
    scope = { ...scope, ...declared.scope }
    parts.push(writer.statements.guarded(scope, declared.scope))
    if (writer.choices.chance(3)) parts.push(writer.statements.guarded(scope))
  }
  return { code: directive + parts.join('\n'), format }
}
