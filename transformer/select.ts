import type { SiteOptions } from '../model/index.ts'
import type { Annotation } from './annotations.ts'
import type { FileOptions, ResolvedOptions } from './configuration/file-options.ts'
import type { FoundClass, FoundFunction } from './functions.ts'
import { isFieldGetter } from './hazards.ts'
import { matchesName } from './match.ts'
import { hasWork } from './own-code.ts'

/** What is to become of a function, and why. */
export type Decision =
  | { readonly kind: 'take'; readonly options: ResolvedOptions; readonly by: 'annotation' | 'globs' }
  | { readonly kind: 'skip' | 'refuse'; readonly reason: string }
  /** `reason` is there when the globs would have it. */
  | { readonly kind: 'leave'; readonly reason?: string; readonly overruled?: Annotation }

const LEAVE: Decision = { kind: 'leave' }
const SILENCED: Extract<Decision, { kind: 'leave' }> = { kind: 'leave', reason: 'excluded: @noSpan' }
const NAME_EXCLUDED: Decision = { kind: 'leave', reason: 'excluded: its name is not selected by functions' }

/**
 * Selects, in this order: `@noSpan` on the function or its class; `@span` on the function; `@span` on the class;
 * the globs with the name patterns. What the last two select and is trivial is skipped.
 */
export function decide(found: FoundFunction, file: FileOptions): Decision {
  const own = found.annotations.find(a => a.tag === '@span')
  const ofClass = found.memberOf?.annotations.find(a => a.tag === '@span')
  if (isSilenced(found)) return own ? { ...SILENCED, overruled: own } : SILENCED
  if (own?.unreadable) return { kind: 'refuse', reason: own.unreadable }
  // The class's decorator wraps all its methods when it runs, and is reported with the class.
  if (ofClass?.unreadable) return LEAVE
  const options = file.of(found.name)
  if (own) return { kind: 'take', options: merge(options, ofClass, own), by: 'annotation' }
  if (!ofClass && !file.selected) return LEAVE
  if (!ofClass && !matchesName(found.name, file.functions)) return NAME_EXCLUDED
  const trivial = options.skipTrivial ? triviality(found) : undefined
  if (trivial) return { kind: 'skip', reason: trivial }
  return { kind: 'take', options: merge(options, ofClass), by: ofClass ? 'annotation' : 'globs' }
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
function merge(base: ResolvedOptions, ...annotations: readonly (Annotation | undefined)[]): ResolvedOptions {
  if (!annotations.some(Boolean)) return base
  const site: SiteOptions = Object.assign({}, base.site, ...annotations.map(annotation => annotation?.options))
  return { ...base, site }
}
