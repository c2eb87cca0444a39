/** Where in a program the writer is: what may be said there, and what can be referred to. */
export interface Scope {
  readonly strict: boolean
  readonly async: boolean
  readonly generator: boolean
  /** Inside any function, so that `return` may be used. */
  readonly inFunction: boolean
  /** `arguments`, `new.target`: not at the top level, nor in fields. */
  readonly ownThis: boolean
  /** What `super` may be used for. */
  readonly super: 'nothing' | 'members' | 'call'
  /** Private names of the class around, with their `#`. */
  readonly privates: readonly string[]
  readonly loops: number
  readonly inSwitch: boolean
  /** Labels of the loops around. */
  readonly labels: readonly string[]
  /** Variables of any value. */
  readonly variables: readonly string[]
  readonly functions: readonly string[]
  readonly generators: readonly string[]
  readonly asyncGenerators: readonly string[]
  readonly classes: readonly string[]
  /** How much deeper it may go. */
  readonly depth: number
}

export function topLevel(strict: boolean, async: boolean): Scope {
  return {
    strict,
    async,
    generator: false,
    inFunction: false,
    ownThis: false,
    super: 'nothing',
    privates: [],
    loops: 0,
    inSwitch: false,
    labels: [],
    variables: [],
    functions: [],
    generators: [],
    asyncGenerators: [],
    classes: [],
    depth: 8,
  }
}

/** A scope one level further down. */
export function deeper(scope: Scope, changes: Partial<Scope> = {}): Scope {
  return { ...scope, depth: scope.depth - 1, ...changes }
}

/** The body of a function: nothing outside can be jumped to. */
export function inFunction(scope: Scope, changes: Partial<Scope>): Scope {
  return deeper(scope, { inFunction: true, loops: 0, inSwitch: false, labels: [], ...changes })
}
