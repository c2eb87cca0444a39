import type { Comment, Node, ParserOptions, Program } from 'oxc-parser'
import { optionalPackage } from './optional-package.ts'
import type { ModuleFormat, Range } from './plan.ts'

/**
 * The only file that knows a parser (oxc-parser: ESTree with UTF-16 offsets, parentheses kept). Everything else
 * works on the nodes by their `type`.
 */
export type {
  AccessorProperty,
  ArrowFunctionExpression,
  BlockStatement,
  Class,
  Comment,
  Decorator,
  Expression,
  Function as PlainFunction,
  MethodDefinition,
  Node,
  Program,
  PropertyDefinition,
  PropertyKey,
  Statement,
  TryStatement,
  VariableDeclaration,
} from 'oxc-parser'

import type { ArrowFunctionExpression, Function as PlainFunction } from 'oxc-parser'

type Parser = typeof import('oxc-parser')

let loaded: Parser | undefined

// Not before there is something to parse: what comes out of a cache needs none.
function parser(): Parser {
  return (loaded ??= optionalPackage<Parser>('oxc-parser'))
}

/** A function that has a body. */
export type FunctionNode = ArrowFunctionExpression | (PlainFunction & { body: NonNullable<PlainFunction['body']> })

export interface Parsed {
  readonly program: Program
  /** Read when they are asked for. */
  comments(): readonly Comment[]
  readonly format: ModuleFormat
  /**
   * To be called when nothing of the tree is needed any more. Otherwise V8's young collections find most trees reachable, from
   * something that is old and dead, and copy them until there is a full collection: a third of the time that a build spends here.
   */
  release(): void
}

export interface ParseFailure {
  readonly message: string
  readonly offset: number
}

/**
 * Parses a file; never throws. `format` is taken as given, or guessed: from the extension, from `import` and
 * `export`, from CommonJS's own names; what is left is a module where it is TypeScript, else CommonJS.
 */
export function parse(code: string, filename: string, format?: ModuleFormat, shared = false): Parsed | ParseFailure {
  const name = filename.replace(/[?#].*$/, '')
  const lang = languageOf(name)
  const wanted = format ?? formatByName(name) ?? formatByContent(code, lang)
  let failure: ParseFailure | undefined
  let recovered: Parsed | undefined
  for (const sourceType of sourceTypes(wanted)) {
    const result = run(name, code, { lang, sourceType }, shared)
    const error = result.errors.find(e => e.severity === 'Error')
    const { program } = result
    const parsed = { program, comments: () => result.comments, format: wanted, release: () => release(program) }
    if (!error) return parsed
    failure ??= { message: error.message, offset: error.labels[0]?.start ?? 0 }
    // What breaks a rule of TypeScript and can be read all the same is the compiler's to complain of. In JavaScript an
    // edit might turn what no engine accepts into a program.
    if (lang !== 'jsx' && result.program.body.length > 0) recovered ??= parsed
  }
  return recovered ?? (failure as ParseFailure)
}

// A file that is compiled to CommonJS may well be written with `import`.
function sourceTypes(format: ModuleFormat): readonly NonNullable<ParserOptions['sourceType']>[] {
  return format === 'commonjs' ? ['commonjs', 'module'] : [format]
}

function release(program: Program): void {
  program.body.length = 0
}

let sharedMemoryWorks = true

/**
 * The parser's shared-memory mode is 2–3 times faster, and reserves 6 GiB of address space, which `memoryUsage` then
 * shows: good for build tools, a surprise in the process that runs the program. Where the address space is limited
 * it throws, and the plain mode does the work.
 */
function run(name: string, code: string, options: ParserOptions, shared: boolean): ReturnType<Parser['parseSync']> {
  if (shared && sharedMemoryWorks) {
    try {
      return parser().parseSync(name, code, { ...options, experimentalRawTransfer: true } as ParserOptions)
    } catch {
      sharedMemoryWorks = false
    }
  }
  return parser().parseSync(name, code, options)
}

function languageOf(name: string): NonNullable<ParserOptions['lang']> {
  if (/\.[cm]?js$|\.jsx$/.test(name)) return 'jsx'
  return name.endsWith('.tsx') ? 'tsx' : 'ts'
}

function formatByName(name: string): ModuleFormat | undefined {
  if (/\.m[jt]s$/.test(name)) return 'module'
  return /\.c[jt]s$/.test(name) ? 'commonjs' : undefined
}

function formatByContent(code: string, lang: string): ModuleFormat {
  if (/^[\s;}]*(import\b[^(]|export\b)/m.test(code) || /\bimport\.meta\b/.test(code)) return 'module'
  if (/\brequire\(|\bmodule\.exports\b|\bexports\.|\b__(file|dir)name\b/.test(code)) return 'commonjs'
  return lang === 'jsx' ? 'commonjs' : 'module'
}

/** Whether the node is a function that has a body. */
export function isFunction(node: Node): node is FunctionNode {
  switch (node.type) {
    case 'FunctionDeclaration':
    case 'FunctionExpression':
      return node.body !== null
    case 'ArrowFunctionExpression':
      return true
    default:
      return false
  }
}

/** What is left of an expression without the parentheses and the types around it. */
export function unwrap(node: Node): Node {
  let inner = node
  while (isWrapper(inner)) inner = inner.expression
  return inner
}

/** Parentheses and types around an expression, which mean nothing when it runs. */
export function isWrapper(node: Node): node is Extract<Node, { expression: unknown; type: WrapperType }> {
  return WRAPPERS.has(node.type)
}

type WrapperType =
  | 'ParenthesizedExpression'
  | 'TSAsExpression'
  | 'TSSatisfiesExpression'
  | 'TSNonNullExpression'
  | 'TSTypeAssertion'

const WRAPPERS: ReadonlySet<string> = new Set<WrapperType>([
  'ParenthesizedExpression',
  'TSAsExpression',
  'TSSatisfiesExpression',
  'TSNonNullExpression',
  'TSTypeAssertion',
])

/** A node's offsets. */
export function rangeOf(node: Node): Range {
  return { start: node.start, end: node.end }
}
