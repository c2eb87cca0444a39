import type { Node } from './parse.ts'

/** The text of a directive (`'use strict'`); undefined for other statements. */
export function directiveOf(statement: Node): string | undefined {
  return 'directive' in statement && typeof statement.directive === 'string' ? statement.directive : undefined
}

/** Whether a body begins with `'use strict'`, other directives before it or not. */
export function startsStrict(body: readonly Node[]): boolean {
  for (const statement of body) {
    const directive = directiveOf(statement)
    if (directive === undefined) return false
    if (directive === 'use strict') return true
  }
  return false
}

// Where a directive makes a function, and all in it, something else than JavaScript that runs here.
const FOREIGN: Readonly<Record<string, string>> = {
  worklet: "'worklet': its source runs in another runtime",
  'use asm': "'use asm': asm.js must stay as it is",
}

/** Why a body that begins with such a directive is left alone; undefined for all others. */
export function foreignReason(body: readonly Node[]): string | undefined {
  for (const statement of body) {
    const directive = directiveOf(statement)
    if (directive === undefined) return undefined
    if (Object.hasOwn(FOREIGN, directive)) return FOREIGN[directive]
  }
  return undefined
}
