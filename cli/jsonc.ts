import { type Node, parse, unwrap } from '../transformer/parse.ts'

/** A value of JSON with comments and trailing commas, as tsconfigs are, with where it stands in the text. */
export interface JsonNode {
  readonly start: number
  readonly end: number
  readonly value: unknown
  /** Of an object, by key. */
  readonly properties?: ReadonlyMap<string, JsonNode>
  /** Of an array. */
  readonly items?: readonly JsonNode[]
}

/** Undefined for what is no such JSON. */
export function parseJsonc(text: string): JsonNode | undefined {
  // JavaScript has all of it, and a parser that knows where things are.
  const parsed = parse(`(${text}\n)`, 'json.mjs')
  if ('message' in parsed) return undefined
  const [statement] = parsed.program.body
  return statement?.type === 'ExpressionStatement' ? read(statement.expression) : undefined
}

function read(expression: Node): JsonNode {
  const node = unwrap(expression)
  // The parenthesis in front.
  const place = { start: node.start - 1, end: node.end - 1 }
  switch (node.type) {
    case 'ObjectExpression': {
      const properties = new Map(node.properties.flatMap(entryOf))
      const value = Object.fromEntries([...properties].map(([key, each]) => [key, each.value]))
      return { ...place, value, properties }
    }
    case 'ArrayExpression': {
      const items = node.elements.flatMap(element => (element ? [read(element)] : []))
      return { ...place, value: items.map(item => item.value), items }
    }
    case 'UnaryExpression':
      return { ...place, value: -Number((read(node.argument).value as number) ?? Number.NaN) }
    default:
      return { ...place, value: node.type === 'Literal' ? node.value : undefined }
  }
}

function entryOf(property: Node): [string, JsonNode][] {
  if (property.type !== 'Property' || property.key.type !== 'Literal') return []
  return [[String(property.key.value), read(property.value)]]
}
