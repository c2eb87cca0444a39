import { isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import { type ContentCache, openCache } from '../cache.ts'
import { type Configured, configure } from '../configuration/configure.ts'
import { diagnostic } from '../diagnostics.ts'
import { instrument } from '../instrument.ts'
import { matchesFile, sitePath } from '../match.ts'
import { type InstrumentOptions, type SelectOptions, validateOptions } from '../options.ts'
import type { Diagnostic } from '../plan.ts'
import { bundleFormat } from './bundle-format.ts'
import { type GlobWatch, watchGlobs } from './glob-watch.ts'
import { type EditedFile, rememberedFile } from './kept-file.ts'
import { ownPackage } from './own-package.ts'
import { packageType } from './package-type.ts'
import { isBelow, isInNodeModules, isSourceFile, withProgramFiles } from './program-files.ts'

/** What the plugin for each bundler takes. */
export interface BundlerOptions extends SelectOptions {
  /** Paths and globs are relative to it; by default what the bundler takes for the project's root. */
  readonly root?: string
}

/** What a bundler has of its own. */
export interface BundleHost {
  /** Absolute. */
  readonly root: string
  /** What it takes a file for that has neither the syntax of ES modules nor CommonJS's names. */
  readonly plainFormat: 'module' | 'commonjs'
  /** Expression for where the running module lies, in ES modules; `import.meta.url` by default. */
  readonly location?: string
  /** The same in CommonJS; `LOCATION_ANYWHERE` by default. */
  readonly commonjsLocation?: string
  /** How files in CommonJS find the runtime: `script` where it is there before them; by `require` by default. */
  readonly commonjsFormat?: 'commonjs' | 'script'
  /** What instrumented files in CommonJS require; `span-tree/abi` by default. */
  readonly commonjsAbi?: string
  /** The setting that makes this a build for the browser, where nothing is instrumented: the runtime needs Node. */
  readonly browser?: string | undefined
}

/** What depends on the single file. */
type Wanted = Pick<InstrumentOptions, 'sourceMap' | 'uncounted'>

/** The running file where it is CommonJS; nothing where it is not. Allowed wherever `import.meta` is not. */
export const LOCATION_ANYWHERE = "typeof __filename === 'undefined' ? undefined : __filename"

const OPTIONS_PLACE = 'spanTree() options'

/** Not the program's: a test that is itself a span has not ended when it looks at the trace. */
const TESTS: readonly string[] = ['**/*.{test,spec}.*', '**/__tests__/**', '**/__mocks__/**']

const ANNOTATION = /@span\b/
const SOURCE_FILES = /\.[cm]?[jt]sx?$/

/**
 * What all bundlers' plugins do, in the terms of none: which of the files that pass by are instrumented, and how.
 * Without `include`, that is everything below the root that is neither in `node_modules` nor a test.
 */
export class BundledFiles {
  /** What the plugin was given. */
  readonly #inline: SelectOptions
  readonly #givenRoot: string | undefined
  /** With the project's configuration file. */
  #configured: Configured
  readonly #problems: readonly Diagnostic[]
  #host: BundleHost
  #globs: GlobWatch
  /** Results of earlier builds, by the root that it was opened for. */
  #cache: { readonly root: string; readonly files: ContentCache | undefined } | undefined

  constructor(options: BundlerOptions) {
    const { options: checked, diagnostics } = validateOptions(options, OPTIONS_PLACE, ['root'])
    this.#problems = diagnostics
    this.#inline = checked
    this.#givenRoot = options.root
    this.#configured = configure(checked, options.root ?? process.cwd())
    this.#host = { root: this.#configured.root, plainFormat: 'module' }
    this.#globs = this.#watchGlobs()
  }

  /** What is to be known before the first file, and again when it changes. */
  set host(host: BundleHost) {
    const before = this.#configured
    this.#configured = configure(this.#inline, this.#givenRoot ?? host.root)
    this.#host = { ...host, root: this.#configured.root }
    if (this.#configured.root !== before.root) this.#globs = this.#watchGlobs()
  }

  /** What is wrong with the options, and with the build as a whole. */
  get problems(): readonly Diagnostic[] {
    const { browser } = this.#host
    const problems = [...this.#problems, ...this.#configured.diagnostics]
    if (browser === undefined) return problems
    return [...problems, diagnostic('SPT2010', { setting: browser }, OPTIONS_PLACE)]
  }

  get #options(): SelectOptions & { readonly include: readonly string[] } {
    const { options } = this.#configured
    if (options.include?.length) return withProgramFiles(options)
    return withProgramFiles({ ...options, exclude: [...TESTS, ...(options.exclude ?? [])] })
  }

  /** What the result for a file depends on, beside the file: for caches that outlive the process. */
  get fingerprint(): string {
    const writeFunction = (_: string, value: unknown): unknown => (typeof value === 'function' ? String(value) : value)
    const parts = [ownPackage().version, this.#options, this.#host]
    return createHash('sha256').update(JSON.stringify(parts, writeFunction)).digest('hex').slice(0, 32)
  }

  /** For bundlers that ask before they read a file. */
  get idFilter(): { include: RegExp; exclude: RegExp[] } {
    const reachesOut = this.#options.include.some(pattern => isAbsolute(pattern) || pattern.includes('node_modules'))
    return { include: SOURCE_FILES, exclude: reachesOut ? [] : [/[\\/]node_modules[\\/]/] }
  }

  /** Notes that the bundle has this file, for the globs that match none. */
  saw(id: string): void {
    const file = sourceFile(id)
    if (file !== undefined) this.#globs.saw(file)
  }

  /** Undefined for what is not to be instrumented. */
  transform(code: string, id: string, wanted: Wanted = {}): EditedFile | undefined {
    const filename = sourceFile(id)
    if (filename === undefined || this.#host.browser !== undefined) return undefined
    this.#globs.saw(filename)
    if (!this.#isWanted(filename, code)) return undefined
    if (isMisread(code, filename)) return this.#untouched(code, filename)
    const make = (): EditedFile => this.#instrument(code, filename, wanted)
    return this.#remembered(code, filename, wanted, make)
  }

  #instrument(code: string, filename: string, wanted: Wanted): EditedFile {
    const own = { ...this.#options, ...this.#hostOptions(code, filename), ...wanted }
    return instrument(code, { ...own, filename, fastParse: true })
  }

  /** What has been made of the file before, by this build or an earlier one, with nothing parsed. */
  #remembered(code: string, filename: string, wanted: Wanted, make: () => EditedFile): EditedFile {
    const cache = this.#openCache()
    // What a predicate says depends on more than its text.
    if (!cache || this.#options.predicate) return make()
    const dependencies = ['bundled', packageType(filename) ?? null, wanted, this.#options, this.#host]
    return rememberedFile(cache, dependencies, { code, filename }, make)
  }

  #openCache(): ContentCache | undefined {
    const { root } = this.#host
    if (this.#cache?.root !== root) this.#cache = { root, files: openCache(root, process.env) }
    return this.#cache.files
  }

  /** A warning for each glob that no file of the bundle has matched. */
  unmatched(): readonly Diagnostic[] {
    return this.#host.browser === undefined ? this.#globs.unmatched(this.#configured.includedBy ?? OPTIONS_PLACE) : []
  }

  #hostOptions(code: string, file: string): Pick<InstrumentOptions, 'root' | 'format' | 'location' | 'abi'> {
    const { root, plainFormat, location, commonjsFormat = 'commonjs', commonjsLocation, commonjsAbi } = this.#host
    const format = bundleFormat(code, file, plainFormat)
    if (format === 'module') return { root, format, ...(location !== undefined && { location }) }
    const place = commonjsLocation ?? LOCATION_ANYWHERE
    return { root, format: commonjsFormat, location: place, ...(commonjsAbi !== undefined && { abi: commonjsAbi }) }
  }

  #watchGlobs(): GlobWatch {
    return watchGlobs(this.#options.include, this.#host.root, this.#configured.includedBy !== undefined)
  }

  #isWanted(file: string, code: string): boolean {
    const { root } = this.#host
    if (matchesFile(file, { ...this.#options, root })) return true
    return ANNOTATION.test(code) && isBelow(file, root) && !isInNodeModules(file)
  }

  #untouched(code: string, filename: string): EditedFile {
    const diagnostics = [diagnostic('SPT1006', {}, sitePath(filename, this.#host.root))]
    return { code, map: null, diagnostics, changed: false }
  }
}

/** The file behind a module's id; undefined for virtual modules and for files that are asked for as something else. */
export function sourceFile(id: string): string | undefined {
  const [path = '', query] = id.split('?', 2)
  // `v` and `t` are Vite's marks against caches; any other query (`raw`, `url`, `worker`, a part of a component)
  // means that this is not the source as it stands in the file.
  const plain = query === undefined || query.split('&').every(part => /^[vt]=/.test(part))
  return plain && !id.includes('\0') && isSourceFile(path) ? path : undefined
}

/** Whether the code has marks of bytes that no UTF-8 has: bundlers read everything as if it were. */
function isMisread(code: string, file: string): boolean {
  if (!code.includes('\uFFFD')) return false
  try {
    return !isUtf8(readFileSync(file))
  } catch {
    // Made by a plugin.
    return false
  }
}
