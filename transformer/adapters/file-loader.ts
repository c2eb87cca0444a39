import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { extname } from 'node:path'
import { cacheKey, openCache } from '../cache.ts'
import { matchesFile } from '../match.ts'
import type { Diagnostic } from '../plan.ts'
import { withoutExperimentalWarning } from './experimental-warning.ts'
import { watchGlobs } from './glob-watch.ts'
import type { InstrumentedFile, LoadedFile, Report } from './instrument-file.ts'
import { packageType } from './package-type.ts'
import { isInNodeModules, isTypeScriptFile } from './program-files.ts'
import type { RegisterOptions } from './register-options.ts'
import { reportDiagnostics } from './report.ts'

/** Loads the program's files in Node's place. */
export interface FileLoader {
  /** Undefined for a file that Node is to load as it would: not selected, and nothing that Node cannot run. */
  load(file: string): LoadedFile | undefined
  /** What to say of globs that no file has matched. */
  unmatched(): readonly Diagnostic[]
}

// Behind a decorator's `@` or in a comment; a false alarm costs a parse.
const ANNOTATION = /@span\b/
const SOURCE_MAP = /^\/\/# sourceMappingURL=/m

export function createFileLoader(options: RegisterOptions): FileLoader {
  const notExcluded = { ...options, include: ['**'] }
  // Of what was compiled from other files, those decide: a file that is named itself is meant with all of them.
  const withSources = { ...options, include: [...options.include, '**'] }
  const watch = watchGlobs(options.include, options.root, options.shared)
  const instrumenter = lazyInstrumenter()
  const instrument = cached(options, instrumenter.instrument)
  return {
    load(file) {
      if (instrumenter.loading()) return undefined
      watch.saw(file)
      const foreign = isInNodeModules(file)
      const matches = matchesFile(file, options)
      if (!matches && foreign) return undefined
      const text = readFileSync(file, 'utf8')
      const isTypeScript = isTypeScriptFile(file)
      const compiled = !isTypeScript && SOURCE_MAP.test(text) && matchesFile(file, notExcluded)
      const selected = matches || compiled || ANNOTATION.test(text)
      if (!selected && !isTypeScript) return undefined
      const chosen = compiled && matches ? withSources : options
      const { loaded, sources } = instrument(text, file, selected ? chosen : undefined, reportDiagnostics)
      for (const source of sources ?? []) watch.saw(source)
      return loaded
    },
    // A program that was instrumented when it was built needs no sources.
    unmatched: () => (options.shared && isTraced() ? [] : watch.unmatched(options.place)),
  }
}

/** Whether injected code has loaded the runtime. */
function isTraced(): boolean {
  return Reflect.has(globalThis, Symbol.for('span-tree.abi'))
}

type Instrument = (text: string, file: string, options: RegisterOptions | undefined, report: Report) => InstrumentedFile

interface Entry extends Pick<InstrumentedFile, 'loaded' | 'sources'> {
  /** With the hashes of their content. */
  readonly dependencies: readonly (readonly [path: string, hash: string])[]
  readonly diagnostics: readonly Diagnostic[]
}

/** With the results of earlier processes; where these suffice, no parser is loaded. */
function cached(all: RegisterOptions, instrument: Instrument): Instrument {
  const cache = openCache(all.root, process.env)
  // What a predicate says depends on more than its text.
  if (!cache || all.predicate) return instrument
  const contentHash = contentHashes()
  return (text, file, options, report) => {
    const key = cacheKey('file', text, file, options ?? null, packageType(file) ?? null)
    const known = parsed(cache.get(key))
    if (known?.dependencies.every(([path, content]) => contentHash(path) === content)) {
      report(known.diagnostics)
      return { ...known, dependencies: undefined }
    }
    const diagnostics: Diagnostic[] = []
    const result = instrument(text, file, options, more => {
      diagnostics.push(...more)
      report(more)
    })
    const dependencies = result.dependencies?.map(path => [path, contentHash(path)] as const)
    if (dependencies) cache.set(key, JSON.stringify({ ...result, dependencies, diagnostics } satisfies Entry))
    return result
  }
}

function parsed(entry: string | undefined): Entry | undefined {
  try {
    return entry === undefined ? undefined : (JSON.parse(entry) as Entry)
  } catch {
    return undefined
  }
}

/** Each file is read once: a tsconfig is behind many. */
function contentHashes(): (path: string) => string {
  const known = new Map<string, string>()
  return path => {
    const found = known.get(path) ?? hashOf(path)
    known.set(path, found)
    return found
  }
}

function hashOf(path: string): string {
  try {
    return hash('sha1', readFileSync(path))
  } catch {
    return 'absent'
  }
}

/** Parser and renderer, loaded when a file needs them. While they load, their own packages pass by here. */
function lazyInstrumenter(): { instrument: Instrument; loading(): boolean } {
  let loaded: Instrument | undefined
  let loading = false
  const load = (): Instrument => {
    loading = true
    try {
      return withoutExperimentalWarning(requireInstrument)
    } finally {
      loading = false
    }
  }
  return {
    instrument: (...parameters) => (loaded ??= load())(...parameters),
    loading: () => loading,
  }
}

function requireInstrument(): Instrument {
  const require = createRequire(import.meta.url)
  const name = `./instrument-file${extname(import.meta.url)}`
  return (require(name) as typeof import('./instrument-file.ts')).instrumentFile
}
