import type { SiteOptions } from '../../model/index.ts'
import { matchesFile, matchesName } from '../match.ts'
import type { FunctionOptions, SelectOptions } from '../options.ts'

/** What the configuration says of one file. */
export interface FileOptions {
  /** Whether the globs select its functions. */
  readonly selected: boolean
  /** Name patterns that narrow this down. */
  readonly functions: readonly string[] | undefined
  readonly predicate: SelectOptions['predicate']
  /** What holds for the function of this qualified name: the general options, then the rules that match. */
  of(name: string): ResolvedOptions
}

export interface ResolvedOptions {
  readonly skipTrivial: boolean
  readonly captureArguments: boolean
  /** What goes into the site. */
  readonly site: SiteOptions
}

/** Resolves the configuration for one file: the one place where globs, rules and defaults meet. */
export function optionsFor(filename: string, options: SelectOptions & { readonly root?: string }): FileOptions {
  const rules = (options.rules ?? []).filter(({ files }) => {
    return matchesFile(filename, { include: files, ...(options.root !== undefined && { root: options.root }) })
  })
  const plain = resolve(options)
  return {
    selected: matchesFile(filename, options),
    functions: options.functions,
    predicate: options.predicate,
    of(name) {
      const matching = rules.filter(rule => matchesName(name, rule.functions))
      return matching.length === 0 ? plain : resolve([options, ...matching].reduce(overlaid))
    },
  }
}

function overlaid(base: FunctionOptions, rule: FunctionOptions): FunctionOptions {
  const { captureArguments, ...rest } = rule
  const own = captureArguments === undefined ? rule.capture : { arguments: captureArguments, ...rule.capture }
  // What one rule wants hidden, no other brings to light.
  const redact = [...(base.capture?.redact ?? []), ...(own?.redact ?? [])]
  return { ...base, ...rest, capture: { ...base.capture, ...own, redact } }
}

function resolve({
  skipTrivial,
  capture,
  captureArguments,
  level,
  kind,
  minDuration,
}: FunctionOptions): ResolvedOptions {
  const { arguments: withArguments = captureArguments ?? true, results = false, redact = [] } = capture ?? {}
  const site: SiteOptions = {
    ...(level && { level }),
    ...(kind && { kind }),
    ...(minDuration !== undefined && { minDuration }),
    ...(results && { results }),
    ...(redact.length > 0 && { redact }),
  }
  return { skipTrivial: skipTrivial ?? true, captureArguments: withArguments, site }
}
