import { walk } from '../../transformer/children.ts'
import { type Node, type Program, parse, unwrap } from '../../transformer/parse.ts'

type ObjectNode = Extract<Node, { type: 'ObjectExpression' }>

interface Insertion {
  readonly at: number
  readonly text: string
}

/**
 * The text of a bundler's configuration with `spanTree()` as the first of its plugins, and its import from `module`; all
 * else as it was. The same text where that is imported already; undefined where the text does not show a configuration
 * object with a place for plugins.
 */
export function withPluginCall(text: string, file: string, module: string): string | undefined {
  if (text.includes(`'${module}'`) || text.includes(`"${module}"`)) return text
  const parsed = parse(text, file)
  if ('message' in parsed) return undefined
  const configuration = configurationIn(parsed.program)
  const call = configuration && pluginInsertion(text, configuration)
  if (!call) return undefined
  return [call, importInsertion(text, parsed.program, module)].reduce(
    (edited, { at, text: added }) => edited.slice(0, at) + added + edited.slice(at),
    text,
  )
}

function pluginInsertion(text: string, configuration: ObjectNode): Insertion | undefined {
  const found = configuration.properties.find(each => each.type === 'Property' && keyOf(each.key) === 'plugins')
  if (found?.type === 'Property') {
    const list = unwrap(found.value)
    if (list.type !== 'ArrayExpression') return undefined
    return { at: list.start + 1, text: list.elements.length > 0 ? 'spanTree(), ' : 'spanTree()' }
  }
  const [first] = configuration.properties
  if (!first) return { at: configuration.start + 1, text: ' plugins: [spanTree()] ' }
  const indent = /\n[^\S\n]*$/.exec(text.slice(0, first.start))?.[0] ?? ' '
  return { at: first.start, text: `plugins: [spanTree()],${indent}` }
}

/** The object that is exported: as it is, through `defineConfig`, a function that returns it, or a variable. */
function configurationIn(program: Program): ObjectNode | undefined {
  for (const statement of program.body) {
    if (statement.type === 'ExportDefaultDeclaration') return objectOf(statement.declaration, program)
    const assigned = statement.type === 'ExpressionStatement' ? unwrap(statement.expression) : undefined
    if (assigned?.type === 'AssignmentExpression' && isModuleExports(assigned.left))
      return objectOf(assigned.right, program)
  }
  return undefined
}

function objectOf(expression: Node, program: Program): ObjectNode | undefined {
  const node = unwrap(expression)
  switch (node.type) {
    case 'ObjectExpression':
      return node
    case 'CallExpression':
      return node.arguments[0] && objectOf(node.arguments[0], program)
    case 'ArrowFunctionExpression':
    case 'FunctionExpression':
    case 'FunctionDeclaration':
      if (!node.body) return undefined
      return node.body.type === 'BlockStatement' ? returnedFrom(node.body, program) : objectOf(node.body, program)
    case 'Identifier':
      return declared(node.name, program)
    default:
      return undefined
  }
}

function returnedFrom(body: Node, program: Program): ObjectNode | undefined {
  let found: ObjectNode | undefined
  walk(body, node => {
    if (node.type === 'ReturnStatement' && node.argument) found ??= objectOf(node.argument, program)
    return !/Function/.test(node.type)
  })
  return found
}

function declared(name: string, program: Program): ObjectNode | undefined {
  for (const statement of program.body) {
    if (statement.type !== 'VariableDeclaration') continue
    const found = statement.declarations.find(({ id }) => id.type === 'Identifier' && id.name === name)
    if (found?.init && unwrap(found.init).type !== 'Identifier') return objectOf(found.init, program)
  }
  return undefined
}

function isModuleExports(node: Node): boolean {
  return node.type === 'MemberExpression' && keyOf(node.object) === 'module' && keyOf(node.property) === 'exports'
}

function keyOf(key: Node): string | undefined {
  if (key.type === 'Identifier') return key.name
  return key.type === 'Literal' ? String(key.value) : undefined
}

/** Behind the last import (or `require`), in the file's own style. */
function importInsertion(text: string, program: Program, module: string): Insertion {
  const imports = program.body.filter(each => each.type === 'ImportDeclaration')
  const style = /require\(\s*["']/.test(text) && imports.length === 0 ? 'require' : 'import'
  const last = imports.at(-1)
  const sample = last ? text.slice(last.start, last.end) : text
  const quote = sample.includes('"') && !sample.includes("'") ? '"' : "'"
  const end = sample.trimEnd().endsWith(';') ? ';' : ''
  const name = `${quote}${module}${quote}`
  const line =
    style === 'require' ? `const { spanTree } = require(${name})${end}` : `import { spanTree } from ${name}${end}`
  if (last) return { at: last.end, text: `\n${line}` }
  return { at: program.body[0]?.start ?? 0, text: `${line}\n${style === 'import' ? '\n' : ''}` }
}
