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
