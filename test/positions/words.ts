import ts from 'typescript'

/** An identifier or keyword of JavaScript that the program itself has. */
export interface Word {
  readonly text: string
  /** 1-based. */
  readonly line: number
  /** 0-based, as source maps count. */
  readonly column: number
}

/** What injected names look like, whatever a bundler has made of them. */
const OWN = /^_?\$st\d*_|span_tree_abi/

/** Words that injected code has in places of its own, or that a compiler puts where the source had others. */
const STRUCTURE = /^(const|let|var|return|try|catch|finally|using|import|export|from|as|default|require)$/

/** The words of a text, in order, without those that instrumenting has put there. */
export function wordsOf(code: string, name = 'file.js'): readonly Word[] {
  const file = ts.createSourceFile(name, code, ts.ScriptTarget.Latest, true)
  const aliases = aliasesOf(file)
  const words: Word[] = []
  const visit = (node: ts.Node): void => {
    if (isInjected(node, aliases)) return
    const children = node.getChildren(file)
    children.forEach(visit)
    const text = children.length === 0 && isWord(node) ? node.getText(file) : ''
    if (text === '' || STRUCTURE.test(text) || OWN.test(text) || isOwnCall(node, aliases)) return
    const { line, character } = file.getLineAndCharacterOfPosition(node.getStart(file))
    words.push({ text, line: line + 1, column: character })
  }
  visit(file)
  return words
}

function isWord(node: ts.Node): boolean {
  // `await using` becomes `const`.
  if (node.kind === ts.SyntaxKind.AwaitKeyword) return !ts.isVariableDeclarationList(node.parent)
  if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) return true
  return node.kind >= ts.SyntaxKind.FirstKeyword && node.kind <= ts.SyntaxKind.LastKeyword
}

/** `enter(($st_S || …)[0])`, `exit($st_f)`: a bundler may give to functions of the runtime names that the program has, too. */
function isOwnCall(node: ts.Node, aliases: Aliases): boolean {
  const name = ts.isIdentifier(node) ? node.text : ''
  if (!aliases.functions.has(name) || !ts.isCallExpression(node.parent) || node.parent.expression !== node) return false
  return name.startsWith('sites') || /\$st\d*_/.test(node.parent.arguments[0]?.getText() ?? '')
}

/** Whether a node of a compiled file belongs to what was injected. */
function isInjected(node: ts.Node, aliases: Aliases): boolean {
  if (ts.isJSDoc(node)) return true
  if (ts.isImportDeclaration(node)) return /span-tree\/abi/.test(node.moduleSpecifier.getText())
  if (ts.isFunctionDeclaration(node)) return isOwn(node.name)
  if (ts.isCatchClause(node)) return isOwn(node.variableDeclaration?.name)
  if (ts.isVariableDeclaration(node)) return isOwn(node.name) || isModule(node.initializer)
  // What a bundler has made of an imported function: `(0, abi.enter)(…)`, `abi.enter(…)`.
  return (
    ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression) && aliases.modules.has(node.expression.text)
  )
}

function isOwn(name: ts.Node | undefined): boolean {
  if (!name) return false
  if (ts.isIdentifier(name)) return OWN.test(name.text)
  return ts.isObjectBindingPattern(name) && name.elements.length > 0 && name.elements.every(e => isOwn(e.name))
}

const MODULE = /["'][^"']*(?:span-tree\/abi|runtime\/abi\.js)["']/

function moduleOf(node: ts.Node): ts.Expression | undefined {
  if (ts.isImportDeclaration(node)) return node.moduleSpecifier
  return ts.isVariableDeclaration(node) ? node.initializer : undefined
}

/** Whether a value is the runtime's module, in the words of a bundler. */
function isModule(value: ts.Expression | undefined): boolean {
  return value !== undefined && !ts.isFunctionLike(value) && value.getWidth() < 500 && MODULE.test(value.getText())
}

interface Aliases {
  readonly modules: ReadonlySet<string>
  readonly functions: ReadonlySet<string>
}

/** What a bundler calls the runtime's module, or functions of it. */
function aliasesOf(file: ts.SourceFile): Aliases {
  const aliases = { modules: new Set<string>(), functions: new Set<string>() }
  const visit = (node: ts.Node): void => {
    if (ts.isImportSpecifier(node)) aliases.functions.add(node.name.text)
    else if (ts.isNamespaceImport(node)) aliases.modules.add(node.name.text)
    else if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name)) aliases.modules.add(node.name.text)
    else ts.forEachChild(node, visit)
  }
  const find = (node: ts.Node): void => {
    if (isModule(moduleOf(node))) visit(node)
    else ts.forEachChild(node, find)
  }
  find(file)
  return aliases
}

/** The sites in the tables of a text: `src/a.ts#name` with function kind, line and column. */
export function sitesOf(code: string): readonly string[] {
  const file = ts.createSourceFile('file.js', code, ts.ScriptTarget.Latest, false)
  const sites: string[] = []
  const visit = (node: ts.Node): void => {
    if (
      ts.isCallExpression(node) &&
      /sites[\w$]*\)?$/.test(node.expression.getText(file)) &&
      node.arguments.length === 3
    ) {
      const [name, , rows] = node.arguments.map(each => each.getText(file)) as [string, string, string]
      if (/^['"`]/.test(name) && rows.startsWith('[')) sites.push(...siteTexts(evaluate(name), evaluate(rows)))
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return sites
}

type Row = readonly [name: string, kind: string, line: number, column: number, extra?: { n?: number; f?: string }]

function siteTexts(file: string, rows: readonly Row[]): string[] {
  return rows.map(([name, kind, line, column, { n, f } = {}]) => {
    return `${f ?? file}#${name}${n ? `~${n}` : ''} ${kind} ${line}:${column}`
  })
}

/** Rows are JSON, until something prints them anew. */
function evaluate<T>(literal: string): T {
  return new Function(`return ${literal}`)() as T
}
