import { walk } from '../children.ts'
import { type Node, parse } from '../parse.ts'

// Node 22 does not know `using`.
const KNOWS_USING = Number(process.versions.node.split('.')[0]) >= 24

/**
 * Whether a TypeScript file, rid of its types, would still be no program that this Node runs: it has decorators or,
 * before Node 24, `using`.
 */
export function needsCompiler(text: string, file: string): boolean {
  if (!/@|\busing\b/.test(text)) return false
  const parsed = parse(text, file)
  return 'program' in parsed && contains(parsed.program, isBeyondNode)
}

function isBeyondNode(node: Node): boolean {
  if (node.type === 'Decorator') return true
  return !KNOWS_USING && node.type === 'VariableDeclaration' && /using$/.test(node.kind)
}

/** Whether a file is an ES module by its syntax, as Node decides where neither name nor `package.json` does. */
export function hasModuleSyntax(text: string, file: string): boolean {
  if (!/\b(import|export|await)\b/.test(text)) return false
  const parsed = parse(text, file, 'module')
  if (!('program' in parsed)) return false
  const { program } = parsed
  return program.body.some(isModuleStatement) || contains(program, isImportMeta) || hasTopLevelAwait(program)
}

function isModuleStatement(node: Node): boolean {
  switch (node.type) {
    case 'ImportDeclaration':
      return node.importKind !== 'type'
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
      return node.exportKind !== 'type'
    default:
      return node.type === 'ExportDefaultDeclaration'
  }
}

function isImportMeta(node: Node): boolean {
  return node.type === 'MetaProperty' && node.meta.name === 'import'
}

function hasTopLevelAwait(program: Node): boolean {
  let found = false
  walk(program, node => {
    found ||= node.type === 'AwaitExpression' || (node.type === 'ForOfStatement' && node.await)
    return !found && !/Function|StaticBlock/.test(node.type)
  })
  return found
}

function contains(program: Node, wanted: (node: Node) => boolean): boolean {
  let found = false
  walk(program, node => {
    found ||= wanted(node)
    return !found
  })
  return found
}
