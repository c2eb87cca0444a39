import type { Attributes, AttributeValue } from '../../model/index.ts'
import { printable } from './printable.ts'
import { truncate } from './text-width.ts'

/** Columns that the text of one value may take, and attributes that are shown of one span. */
const MAX_VALUE = 72
const MAX_ATTRIBUTES = 16

const BARE = /^[^\s"'`=,\\(){}[\]]+$/
const LITERAL = /^(?:-?\d.*|true|false|null)$/

/** `item=3 name="a b"`: printable, each value and their number bounded. */
export function attributeText(attributes: Attributes, separator = ' '): string {
  const names = Object.keys(attributes)
  const shown = names.slice(0, MAX_ATTRIBUTES).map(name => `${printable(name)}=${valueText(attributes[name])}`)
  if (names.length > MAX_ATTRIBUTES) shown.push(`… ${names.length - MAX_ATTRIBUTES} more`)
  return shown.join(separator)
}

/** A value as JSON, without quotes where nothing is lost by that; at most `max` columns. */
export function valueText(value: AttributeValue | undefined, max: number = MAX_VALUE): string {
  return truncate(printable(bare(value) ?? JSON.stringify(value) ?? 'undefined'), max)
}

function bare(value: AttributeValue | undefined): string | undefined {
  return typeof value === 'string' && BARE.test(value) && !LITERAL.test(value) ? value : undefined
}
