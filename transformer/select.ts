import type { SiteOptions } from '../model/index.ts'
import type { Annotation } from './annotations.ts'
import type { FoundClass, FoundFunction } from './functions.ts'
import { isFieldGetter } from './hazards.ts'
import { matchesName } from './match.ts'
import type { SelectOptions } from './options.ts'
import { hasWork } from './own-code.ts'

/** What is to become of a function, and why. */
export type Decision =
  | { readonly kind: 'take'; readonly options: SiteOptions; readonly direct?: Annotation }
  | { readonly kind: 'skip' | 'refuse'; readonly reason: string }
  | { readonly kind: 'leave'; readonly overruled?: Annotation }

const LEAVE: Decision = { kind: 'leave' }

/**
 * Selects, in this order: `@noSpan` on the function or its class; `@span` on the function; `@span` on the class;
 * the globs (`globbed`) with the name patterns. What the last two select and is trivial is skipped.
 */
export function decide(found: FoundFunction, options: SelectOptions, globbed: boolean): Decision {
  const own = found.annotations.find(a => a.tag === '@span')
  const ofClass = found.memberOf?.annotations.find(a => a.tag === '@span')
  if (isSilenced(found)) return own ? { kind: 'leave', overruled: own } : LEAVE
  if (own?.unreadable) return { kind: 'refuse', reason: own.unreadable }
  // The class's decorator wraps all its methods when it runs, and is reported with the class.
  if (ofClass?.unreadable) return LEAVE
  if (own) return { kind: 'take', options: merge(options, ofClass, own), direct: own }
  if (!ofClass && !(globbed && matchesName(found.name, options.functions))) return LEAVE
  const trivial = options.skipTrivial === false ? undefined : triviality(found)
  return trivial ? { kind: 'skip', reason: trivial } : { kind: 'take', options: merge(options, ofClass) }
}

function isSilenced(found: FoundFunction): boolean {
  return found.annotations.some(isNoSpan) || (found.memberOf ? isSilencedClass(found.memberOf) : false)
}

/** Whether a class is annotated `@noSpan`. */
export function isSilencedClass(found: FoundClass): boolean {
  return found.annotations.some(isNoSpan)
}

function isNoSpan(annotation: Annotation): boolean {
  return annotation.tag === '@noSpan'
}

function triviality(found: FoundFunction): string | undefined {
  if (isFieldGetter(found)) return 'trivial: a getter that returns a field'
  return hasWork(found.node.body) ? undefined : 'trivial: no call, loop, await, yield or throw in its body'
}

// The nearer annotation wins.
function merge(file: SelectOptions, ...annotations: readonly (Annotation | undefined)[]): SiteOptions {
  const { level, minDuration } = file
  const options = { ...(level && { level }), ...(minDuration !== undefined && { minDuration }) }
  return Object.assign(options, ...annotations.map(annotation => annotation?.options))
}
