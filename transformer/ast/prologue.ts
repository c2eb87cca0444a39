import type TS from 'typescript'
import type { FilePlan, ModuleFormat } from '../plan.ts'
import { type AbiName, siteRows } from '../site-table.ts'
import type { Syntax } from './syntax.ts'

/** What a file begins with: the functions of the ABI that it uses, and its table of sites. */
export function prologue(syntax: Syntax, plan: FilePlan, abi: string): TS.Statement[] {
  const table = siteTable(syntax, plan)
  return [FUNCTIONS[plan.format](syntax, abi), ...table]
}

const FUNCTIONS: { readonly [K in ModuleFormat]: (syntax: Syntax, abi: string) => TS.Statement } = {
  module: importFunctions,
  commonjs: requireFunctions,
  script: findFunctions,
}

function importFunctions(syntax: Syntax, abi: string): TS.Statement {
  const { factory } = syntax
  const names = syntax.names
    .used()
    .map(({ name, local }) =>
      factory.createImportSpecifier(false, factory.createIdentifier(name), factory.createIdentifier(local)),
    )
  const clause = factory.createImportClause(undefined, undefined, factory.createNamedImports(names))
  return factory.createImportDeclaration(undefined, clause, factory.createStringLiteral(abi, true))
}

/** No `import`: TypeScript, on its way to CommonJS, would not rewrite the uses of one that the source does not have. */
function requireFunctions(syntax: Syntax, abi: string): TS.Statement {
  const { factory } = syntax
  const names = syntax.names.used().map(({ name, local }) => factory.createBindingElement(undefined, name, local))
  return bind(syntax, syntax.ts.NodeFlags.Const, names, requireCall(syntax, abi))
}

/**
 * Under the global symbol, where the runtime registers itself, or else stand-ins that pass values through. What
 * TypeScript takes for a script is, without a package.json that says otherwise, a CommonJS module to Node; there the
 * runtime is loaded. `var`, since a page may load a script twice.
 */
function findFunctions(syntax: Syntax, abi: string): TS.Statement {
  const { factory, ts } = syntax
  const names = syntax.names
    .used()
    .map(({ name, local }) => factory.createBindingElement(undefined, name, local, standIn(syntax, name)))
  const symbol = factory.createCallExpression(member(syntax, 'Symbol', 'for'), undefined, [
    factory.createStringLiteral('span-tree.abi', true),
  ])
  const registered = factory.createElementAccessExpression(factory.createIdentifier('globalThis'), symbol)
  const loaded = factory.createConditionalExpression(
    factory.createLogicalAnd(isOfType(syntax, 'require', 'function'), isOfType(syntax, 'module', 'object')),
    undefined,
    requireCall(syntax, abi),
    undefined,
    factory.createObjectLiteralExpression(),
  )
  const found = factory.createBinaryExpression(
    registered,
    ts.SyntaxKind.QuestionQuestionToken,
    factory.createParenthesizedExpression(loaded),
  )
  return bind(syntax, ts.NodeFlags.None, names, found)
}

/** `(frame, value) => value`; of `sites`, the third argument, which is the table. */
function standIn({ factory }: Syntax, name: AbiName): TS.Expression {
  const names = name === 'sites' ? ['file', 'module', 'rows'] : ['frame', 'value']
  const parameters = names.map(each => factory.createParameterDeclaration(undefined, undefined, each))
  const result = factory.createIdentifier(names.at(-1)!)
  return factory.createArrowFunction(undefined, undefined, parameters, undefined, undefined, result)
}

/** `var $st_S; function $st_T() { return $st_S = $st_sites(file, module, [rows]) }` */
function siteTable(syntax: Syntax, plan: FilePlan): TS.Statement[] {
  const { factory } = syntax
  const list = factory.createVariableDeclarationList([factory.createVariableDeclaration(syntax.own('S'))])
  const rows = literal(syntax, siteRows(plan))
  const sites = syntax.callBare('sites', literal(syntax, plan.file), MODULE_URL[plan.format](syntax), rows)
  const result = factory.createReturnStatement(factory.createAssignment(syntax.own('S'), sites))
  const name = syntax.own('T')
  return [
    factory.createVariableStatement(undefined, list),
    factory.createFunctionDeclaration(undefined, undefined, name, undefined, [], undefined, syntax.block(result)),
  ]
}

/** Where the running module lies. */
const MODULE_URL: { readonly [K in ModuleFormat]: (syntax: Syntax) => TS.Expression } = {
  module: ({ ts, factory }) =>
    factory.createPropertyAccessExpression(
      factory.createMetaProperty(ts.SyntaxKind.ImportKeyword, factory.createIdentifier('meta')),
      'url',
    ),
  commonjs: ({ factory }) => factory.createIdentifier('__filename'),
  script: ({ factory }) => factory.createVoidZero(),
}

function bind(
  { factory }: Syntax,
  flags: TS.NodeFlags,
  names: readonly TS.BindingElement[],
  value: TS.Expression,
): TS.Statement {
  const pattern = factory.createObjectBindingPattern(names)
  const declaration = factory.createVariableDeclaration(pattern, undefined, undefined, value)
  return factory.createVariableStatement(undefined, factory.createVariableDeclarationList([declaration], flags))
}

function requireCall({ factory }: Syntax, specifier: string): TS.Expression {
  const name = factory.createIdentifier('require')
  return factory.createCallExpression(name, undefined, [factory.createStringLiteral(specifier, true)])
}

function isOfType({ factory }: Syntax, name: string, type: string): TS.Expression {
  const typeOf = factory.createTypeOfExpression(factory.createIdentifier(name))
  return factory.createStrictEquality(typeOf, factory.createStringLiteral(type, true))
}

function member({ factory }: Syntax, object: string, property: string): TS.Expression {
  return factory.createPropertyAccessExpression(factory.createIdentifier(object), property)
}

/** JSON as syntax. */
function literal(syntax: Syntax, value: unknown): TS.Expression {
  const { factory } = syntax
  if (typeof value === 'string') return factory.createStringLiteral(value, true)
  if (typeof value === 'number') return factory.createNumericLiteral(value)
  if (typeof value === 'boolean') return value ? factory.createTrue() : factory.createFalse()
  if (Array.isArray(value)) return factory.createArrayLiteralExpression(value.map(each => literal(syntax, each)))
  const properties = Object.entries(value ?? {}).filter(([, each]) => each !== undefined)
  return factory.createObjectLiteralExpression(
    properties.map(([name, each]) => factory.createPropertyAssignment(name, literal(syntax, each))),
  )
}
