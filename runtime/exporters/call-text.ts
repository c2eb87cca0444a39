import { TIME_DIGITS } from '../clock-digits.ts'
import type { RuntimeSite } from '../site.ts'
import { stringify } from './span-fields.ts'

/** Room for a span's id, and for a time. */
export const ID: string = '0'.repeat(16)
export const TIME: string = '0'.repeat(TIME_DIGITS)

/** What JSON says of a span of which there is nothing to say. */
export const EMPTY = '"attributes":{},"messages":[],"handledErrors":[]'

/** What JSON says of every plain call of a site, between its ids and its times. */
export function callFields({ name, options }: RuntimeSite): string {
  const { kind = 'internal', level = 'info' } = options
  return stringify({ name, kind, status: 'succeeded', level }).slice(1, -1)
}
