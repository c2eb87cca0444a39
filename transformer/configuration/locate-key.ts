import { walk } from '../children.ts'
import { type Node, parse, unwrap } from '../parse.ts'
import { type Position, positionsIn } from '../positions.ts'

type Path = readonly (string | number)[]
type ObjectNode = Extract<Node, { type: 'ObjectExpression' }>

/**
 * Where a key stands in a configuration, written as JSON or as code, by the path to it (`['rules', 0, 'level']`).
 * Undefined where the text does not show it, as when the object is computed.
 */
export function locateKey(text: string, file: string, path: Path): Position | undefined {
  const parsed = parseConfiguration(text, file)
  if ('message' in parsed) return undefined
  let found: Node | undefined
  walk(parsed.program, node => {
    if (!found && node.type === 'ObjectExpression') found = keyAt(node, path)
    return !found
  })
  return found && positionIn(text, file, found.start)
}

/** Where a configuration ceases to be one. */
export function locateSyntaxError(text: string, file: string): Position | undefined {
  const parsed = parseConfiguration(text, file)
  return 'message' in parsed ? positionIn(text, file, parsed.offset) : undefined
}

// As a JavaScript expression JSON is read with its positions, comments or not.
function parseConfiguration(text: string, file: string): ReturnType<typeof parse> {
  return isJson(file) ? parse(`(${text})`, 'json.mjs') : parse(text, file)
}

function positionIn(text: string, file: string, offset: number): Position {
  return positionsIn(text)(isJson(file) ? offset - 1 : offset)
}

function isJson(file: string): boolean {
  return file.endsWith('.json')
}

/** The key, or for an item of an array the item. */
function keyAt(node: Node, [first, ...rest]: Path): Node | undefined {
  const value = unwrap(node)
  const [at, inside] = typeof first === 'number' ? itemAt(value, first) : propertyOf(value, first as string)
  return rest.length === 0 || !inside ? (rest.length === 0 ? at : undefined) : keyAt(inside, rest)
}

function itemAt(node: Node, index: number): readonly [Node?, Node?] {
  const item = node.type === 'ArrayExpression' ? node.elements[index] : undefined
  return item ? [item, item] : []
}

function propertyOf(node: Node, name: string): readonly [Node?, Node?] {
  if (node.type !== 'ObjectExpression') return []
  const property = (node as ObjectNode).properties.find(each => each.type === 'Property' && nameOf(each.key) === name)
  return property?.type === 'Property' ? [property.key, property.value] : []
}

function nameOf(key: Node): string | undefined {
  if (key.type === 'Identifier') return key.name
  return key.type === 'Literal' ? String(key.value) : undefined
}
