import { createHash } from 'node:crypto'
import type { Site } from '../model/index.ts'
import type { FilePlan, FunctionPlan, FunctionShape, ModuleFormat } from './plan.ts'

/** The functions of `span-tree/abi` that injected code calls; `docs/abi.md` says what each does. */
export type AbiName =
  | 'delegate'
  | 'delegateAsync'
  | 'disposer'
  | 'enter'
  | 'enterAsync'
  | 'enterAsyncGenerator'
  | 'enterGenerator'
  | 'exit'
  | 'exitAsync'
  | 'exitGenerator'
  | 'fail'
  | 'failAsync'
  | 'failGenerator'
  | 'iterate'
  | 'pause'
  | 'pauseAsync'
  | 'proceed'
  | 'result'
  | 'resume'
  | 'resumer'
  | 'scoped'
  | 'settle'
  | 'sites'
  | 'suspend'

/** What a function of each shape calls. A shape without a name for something has no such points. */
export interface ShapeCalls {
  readonly enter: AbiName
  readonly fail: AbiName
  readonly exit: AbiName
  /** Goes around `yield`, and to the head of handlers. */
  readonly resume: AbiName
  /** Goes around what `yield` gives out. */
  readonly pause: AbiName
  readonly delegate: AbiName
  /** Goes around what `return` returns. */
  readonly settle: AbiName
}

export const SHAPES: Readonly<Record<FunctionShape, ShapeCalls>> = {
  sync: calls('enter', 'fail', 'exit', 'resume', 'suspend', 'delegate', 'settle'),
  async: calls('enterAsync', 'failAsync', 'exitAsync', 'resume', 'suspend', 'delegate', 'settle'),
  generator: calls('enterGenerator', 'failGenerator', 'exitGenerator', 'proceed', 'pause', 'delegate', 'settle'),
  'async-generator': calls(
    'enterAsyncGenerator',
    'failAsync',
    'exitAsync',
    'resume',
    'pauseAsync',
    'delegateAsync',
    'suspend',
  ),
}

/** What goes around a returned value, outermost first. */
export function returnCalls({ shape, site }: FunctionPlan): readonly AbiName[] {
  const settles: readonly AbiName[] = shape.startsWith('async') ? [SHAPES[shape].settle] : []
  return site.options.results ? [...settles, 'result'] : settles
}

function calls(
  enter: AbiName,
  fail: AbiName,
  exit: AbiName,
  resume: AbiName,
  pause: AbiName,
  delegate: AbiName,
  settle: AbiName,
): ShapeCalls {
  return { enter, fail, exit, resume, pause, delegate, settle }
}

/** `[name, functionKind, line, column, extra?]`: what `sites` makes a `Site` of. */
export type SiteRow = readonly [name: string, kind: string, line: number, column: number, extra?: SiteRowExtra]

export interface SiteRowExtra {
  /** 2, 3 … for later functions of one name. */
  readonly n?: number
  /** Names of the parameters. */
  readonly p?: readonly string[]
  /** Options of the site. */
  readonly o?: Site['options']
  /** The original file, where a compiled file was made of several. */
  readonly f?: string
}

/** The rows of a file's table, in the order of the functions' `index`. */
export function siteRows(plan: FilePlan): SiteRow[] {
  return plan.functions.map(({ site }) => {
    const { name, functionKind, line, column } = site
    const extra = extraOf(site, plan.file)
    return extra ? [name, functionKind, line, column, extra] : [name, functionKind, line, column]
  })
}

function extraOf(site: Site, file: string): SiteRowExtra | undefined {
  const { id, name, parameters, options } = site
  const plainLength = site.file.length + 1 + name.length
  const extra: { -readonly [Key in keyof SiteRowExtra]: SiteRowExtra[Key] } = {}
  if (id.length > plainLength) extra.n = Number(id.slice(plainLength + 1))
  if (parameters.length > 0) extra.p = parameters
  if (!isEmpty(options)) extra.o = options
  if (site.file !== file) extra.f = site.file
  return isEmpty(extra) ? undefined : extra
}

function isEmpty(object: object): boolean {
  for (const _ in object) return false
  return true
}

/** The injected names of one file, and which of them it uses. */
export interface InjectedNames {
  /** The local name of a function of the ABI; from now on it counts as used. */
  use(name: AbiName): string
  /** A name inside a function: `f` (its frame), `e` (an error), `u0` … (resources). */
  own(name: string): string
  /** A name at the top level of the file. */
  shared(name: string): string
  /** Goes before what istanbul is not to count; empty unless asked for. */
  readonly uncounted: string
  /** The expression for a site: `($st_S||$st_T())[3]`. */
  site(index: number): string
  /** What was used, with its local name, sorted. */
  used(): readonly { readonly name: AbiName; readonly local: string }[]
}

export function injectedNames(plan: FilePlan, uncounted = ''): InjectedNames {
  const used = new Map<AbiName, string>()
  const { prefix, suffix } = naming(plan, plan.format)
  const shared = (name: string): string => prefix + name + suffix
  const table = `(${uncounted}${shared('S')}||${shared('T')}())`
  return {
    shared,
    own: name => prefix + name,
    use: name => {
      let local = used.get(name)
      if (local === undefined) used.set(name, (local = shared(name)))
      return local
    },
    uncounted,
    site: index => `${table}[${index}]`,
    used: () => [...used].sort().map(([name, local]) => ({ name, local })),
  }
}

/** How injected names are written: all begin alike; those of the file's top level also end alike, in scripts. */
export interface Naming {
  readonly prefix: string
  /** Scripts share one scope, so what a file puts there is told apart by a hash of its path. */
  readonly suffix: string
}

export function naming(plan: FilePlan, format: ModuleFormat): Naming {
  if (format !== 'script') return { prefix: plan.prefix, suffix: '' }
  return { prefix: plan.prefix, suffix: `_${createHash('sha256').update(plan.file).digest('hex').slice(0, 8)}` }
}

export interface PrologueOptions {
  /** What is imported; `span-tree/abi` by default. */
  readonly abi?: string
  /** Expression for where the running module lies. */
  readonly location?: string
}

/**
 * The file's prologue, on one line: how the code finds the runtime, and the table of sites. To be made when everything
 * else is, so that only the names in use are imported.
 */
export function prologue(plan: FilePlan, names: InjectedNames, options: PrologueOptions = {}): string {
  const { abi = 'span-tree/abi', location = MODULE[plan.format] } = options
  const [table, make, sites] = [names.shared('S'), names.shared('T'), names.use('sites')]
  const row = JSON.stringify(siteRows(plan))
  const call = `${sites}(${JSON.stringify(plan.file)}, ${location}, ${row})`
  return `${importOf(plan, names, abi)}; var ${table}; ${names.uncounted}function ${make}() { return ${table} = ${call} }`
}

const MODULE = { module: 'import.meta.url', commonjs: '__filename', script: 'undefined' } as const

function importOf(plan: FilePlan, names: InjectedNames, abi: string): string {
  const specifier = JSON.stringify(abi)
  const used = names.used()
  switch (plan.format) {
    case 'module':
      return `import { ${used.map(u => `${u.name} as ${u.local}`).join(', ')} } from ${specifier}`
    case 'commonjs':
      return `const { ${used.map(u => `${u.name}: ${u.local}`).join(', ')} } = require(${specifier})`
    case 'script': {
      const found = names.shared('abi')
      const standIn = (name: AbiName): string => (name === 'sites' ? '(a, b, t) => t' : '(f, x) => x')
      const each = used.map(u => `${u.local} = ${found} ? ${found}.${u.name} : ${standIn(u.name)}`)
      // What has neither import nor export is, to Node, CommonJS as often as not.
      const required = `typeof require === 'function' && typeof module === 'object' ? require(${specifier}) : undefined`
      return `var ${found} = globalThis[Symbol.for('span-tree.abi')] ?? (${required}), ${each.join(', ')}`
    }
  }
}
