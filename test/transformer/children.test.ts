import { visitorKeys } from 'oxc-parser'
import { expect, test } from 'vitest'
import { eachChild } from '../../transformer/children.ts'
import type { Node } from '../../transformer/parse.ts'

const TYPES = /^(typeAnnotation|returnType|typeParameters|typeArguments|superTypeArguments|implements)$/
const RUNNING_TYPESCRIPT = new RegExp(
  [
    '^TS(As|Satisfies|NonNull|Instantiation)Expression$',
    '^TS(TypeAssertion|ExportAssignment|ParameterProperty|DeclareFunction|EmptyBodyFunctionExpression)$',
    '^TS(Module(Declaration|Block)|Enum(Declaration|Body|Member))$',
    '^TSAbstract(Method|Property)Definition$|^TSAbstractAccessorProperty$',
  ].join('|'),
)

/** As the parser has them: what runs, in the order of evaluation. */
function keysOf(type: string): readonly string[] {
  if (type.startsWith('TS') && !RUNNING_TYPESCRIPT.test(type)) return []
  return (visitorKeys[type] as readonly string[]).filter(key => !TYPES.test(key))
}

/** What is visited in a node whose properties are made by `value`. */
function visited(type: string, value: (key: string) => unknown): string[] {
  const seen: string[] = []
  const properties = (visitorKeys[type] as readonly string[]).map(key => [key, value(key)])
  const node = { type, ...Object.fromEntries(properties) } as unknown as Node
  eachChild(node, child => seen.push(child.type))
  return seen
}

/** Properties that hold nodes in a list. */
const LISTS =
  /^(arguments|attributes|body|cases|children|consequent|declarations|decorators|elements|expressions|members|params|properties|quasis|specifiers)$/

function isList(type: string, key: string): boolean {
  if (key === 'body') return /^(BlockStatement|ClassBody|Program|StaticBlock|TSModuleBlock)$/.test(type)
  return LISTS.test(key) && (key !== 'consequent' || type === 'SwitchCase')
}

test.each(Object.keys(visitorKeys))('%s', type => {
  const one = (key: string): unknown => (isList(type, key) ? [{ type: key }, null, { type: key }] : { type: key })
  expect(visited(type, one)).toEqual(keysOf(type).flatMap(key => (isList(type, key) ? [key, key] : [key])))
})
