import type TS from 'typescript'
import type { TypeScript } from '../ast/typescript.ts'

export interface Place {
  readonly file: TS.SourceFile
  readonly start: number
  readonly length: number
}

/**
 * Where a key of a plugin entry stands in the tsconfig, or one text in its value. Undefined where there is no tsconfig,
 * or where the entry comes from another that it extends.
 */
export function locateOption(
  ts: TypeScript,
  options: TS.CompilerOptions,
  key: string,
  text?: string,
): Place | undefined {
  const file = options['configFile'] as TS.TsConfigSourceFile | undefined
  if (!file) return undefined
  const plugins = file.statements.flatMap(({ expression }) => objectsOf(ts, expression, ['compilerOptions', 'plugins']))
  const found = plugins
    .filter(plugin => property(ts, plugin, 'transform'))
    .map(plugin => property(ts, plugin, key))
    .map(option => (text === undefined ? option?.name : option && textIn(ts, option.initializer, text)))
    .find(node => node !== undefined)
  if (!found) return undefined
  const start = found.getStart(file)
  return { file, start, length: found.end - start }
}

function textIn(ts: TypeScript, value: TS.Expression, text: string): TS.Node | undefined {
  const values = ts.isArrayLiteralExpression(value) ? value.elements : [value]
  return values.find(each => ts.isStringLiteral(each) && each.text === text)
}

/** The objects at a path of keys: one, or the elements of an array. */
function objectsOf(
  ts: TypeScript,
  node: TS.Expression,
  path: readonly string[],
): readonly TS.ObjectLiteralExpression[] {
  if (ts.isArrayLiteralExpression(node)) return node.elements.flatMap(element => objectsOf(ts, element, path))
  if (!ts.isObjectLiteralExpression(node)) return []
  const [key, ...rest] = path
  if (key === undefined) return [node]
  const value = property(ts, node, key)?.initializer
  return value ? objectsOf(ts, value, rest) : []
}

function property(ts: TypeScript, object: TS.ObjectLiteralExpression, key: string): TS.PropertyAssignment | undefined {
  return object.properties.filter(ts.isPropertyAssignment).find(each => 'text' in each.name && each.name.text === key)
}
