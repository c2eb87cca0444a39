import { existsSync, readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, extname, join, relative, resolve } from 'node:path'
import { nearestPackageJson } from '../adapters/package-json.ts'
import { diagnostic } from '../diagnostics.ts'
import type { SelectOptions } from '../options.ts'
import type { Diagnostic } from '../plan.ts'
import { type Locate, validateOptions } from './validate-options.ts'

/** What a project's configuration file says. */
export interface ConfigurationFile {
  /** Absolute. */
  readonly file: string
  /** The directory that it lies in: globs are relative to it. */
  readonly root: string
  readonly options: SelectOptions
  readonly diagnostics: readonly Diagnostic[]
}

/** In the order in which they count. */
export const CONFIGURATION_NAMES: readonly string[] = ['ts', 'mts', 'mjs', 'js', 'json'].map(
  extension => `span-tree.config.${extension}`,
)
/** The key in a `package.json`. */
const KEY = 'span-tree'

/** By path and time of the last change. */
const known = new Map<string, ConfigurationFile>()

/**
 * The configuration file of the package that `directory` is in: the nearest one, up to and with the package's own
 * directory; undefined where there is none. Never throws: what is wrong is in `diagnostics`. A process that stays (a watching
 * compiler) reads a changed file anew where that is JSON; of code it keeps what it has loaded.
 */
export function configurationFile(directory: string): ConfigurationFile | undefined {
  const [file, ...others] = candidates(resolve(directory))
  if (file === undefined) return undefined
  const stamp = extname(file) === '.json' ? statSync(file).mtimeMs : 'loaded'
  const key = [file, stamp, ...others].join('\n')
  const found = known.get(key) ?? read(file, others)
  known.set(key, found)
  return found
}

/** All that there are in the nearest directory with any, those that count first. */
function candidates(start: string): readonly string[] {
  const manifest = nearestPackageJson(start)
  const last = manifest === undefined ? start : dirname(manifest)
  for (let at = start; ; at = dirname(at)) {
    const files = CONFIGURATION_NAMES.map(name => join(at, name)).filter(file => existsSync(file))
    if (at === last && manifest !== undefined && hasKey(manifest)) files.push(manifest)
    if (files.length > 0 || at === last || at === dirname(at)) return files
  }
}

function hasKey(manifest: string): boolean {
  try {
    const text = readFileSync(manifest, 'utf8')
    return text.includes(`"${KEY}"`) && (JSON.parse(text) as { [KEY]?: unknown })[KEY] !== undefined
  } catch {
    // Node and npm have the word on a broken package.json.
    return false
  }
}

function read(file: string, others: readonly string[]): ConfigurationFile {
  const ignored = others.map(other => diagnostic('SPT2008', { used: shown(file) }, shown(other)))
  const { raw, diagnostics } = readRaw(file)
  const prefix = isManifest(file) ? [KEY] : []
  const locate: Locate = path => locateKey(file, [...prefix, ...path])
  const checked = validateOptions(raw, shown(file), ['$schema'], locate)
  return {
    file,
    root: dirname(file),
    options: checked.options,
    diagnostics: [...ignored, ...diagnostics, ...checked.diagnostics],
  }
}

function readRaw(file: string): { raw?: unknown; diagnostics: readonly Diagnostic[] } {
  try {
    if (extname(file) !== '.json')
      return { raw: sibling<typeof import('./load-module.ts')>('load-module').loadModule(file), diagnostics: [] }
    const json = JSON.parse(readFileSync(file, 'utf8')) as { [KEY]?: unknown }
    return { raw: isManifest(file) ? json[KEY] : json, diagnostics: [] }
  } catch (error) {
    return { diagnostics: [unreadable(file, error)] }
  }
}

function locateKey(file: string, path: Parameters<Locate>[0]): ReturnType<Locate> {
  return locator().locateKey(readFileSync(file, 'utf8'), file, path)
}

function locator(): typeof import('./locate-key.ts') {
  return sibling('locate-key')
}

/** Each process of a traced program comes by here, and most have no use for a parser. */
function sibling<T>(name: string): T {
  return createRequire(import.meta.url)(`./${name}${extname(import.meta.url)}`) as T
}

function unreadable(file: string, error: unknown): Diagnostic {
  const { message = String(error), code } = (error ?? {}) as NodeJS.ErrnoException
  const reason = code === 'ERR_REQUIRE_ASYNC_MODULE' ? 'it has top-level await' : (message.split('\n')[0] as string)
  const broken = error instanceof SyntaxError || code === 'ERR_INVALID_TYPESCRIPT_SYNTAX'
  const position = broken ? locator().locateSyntaxError(readFileSync(file, 'utf8'), file) : undefined
  return diagnostic('SPT2007', { reason }, shown(file), position)
}

function isManifest(file: string): boolean {
  return file.endsWith('package.json')
}

/** As a compiler's messages have it: relative to the current directory where it is below that. */
export function shown(file: string): string {
  const path = relative(process.cwd(), file).replaceAll('\\', '/')
  return path.startsWith('..') ? file : path
}
