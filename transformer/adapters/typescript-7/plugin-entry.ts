import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, isAbsolute, resolve } from 'node:path'
import type { Position } from '../../positions.ts'
import { positionsIn } from '../../positions.ts'
import { PLUGIN_NAME } from '../plugin-keys.ts'
import type { NativeApi } from './api.ts'

/** An entry of `plugins`, as it was written, and the tsconfig that it stands in. */
export interface PluginEntry {
  readonly file: string
  readonly value: Readonly<Record<string, unknown>>
}

interface RawConfig {
  readonly extends?: string | readonly string[]
  readonly compilerOptions?: { readonly plugins?: unknown }
}

/**
 * The entries of this plugin that hold for a tsconfig. The compiler keeps nothing of them but their number, so they are
 * read from the files: as everywhere in a tsconfig, the nearest `plugins` replaces those of what it extends.
 */
export function pluginEntries(api: NativeApi, config: string): readonly PluginEntry[] {
  const found = nearestPlugins(api, config, new Set())
  return (found?.plugins ?? []).flatMap(value => (isOurs(value) ? [{ file: found!.file, value }] : []))
}

function isOurs(value: unknown): value is PluginEntry['value'] {
  return (value as { transform?: unknown } | null)?.transform === PLUGIN_NAME
}

function nearestPlugins(
  api: NativeApi,
  file: string,
  seen: Set<string>,
): { file: string; plugins: readonly unknown[] } | undefined {
  if (seen.has(file) || !existsSync(file)) return undefined
  seen.add(file)
  const raw = (api.parseConfigFile(file).raw ?? {}) as RawConfig
  const plugins = raw.compilerOptions?.plugins
  if (Array.isArray(plugins)) return { file, plugins }
  // Of several, the last wins.
  const bases = [raw.extends ?? []].flat().reverse()
  for (const base of bases) {
    const path = extendedFile(base, file)
    const found = path === undefined ? undefined : nearestPlugins(api, path, seen)
    if (found) return found
  }
  return undefined
}

function extendedFile(specifier: string, from: string): string | undefined {
  if (isAbsolute(specifier) || /^\.{1,2}(\/|$)/.test(specifier)) {
    const path = resolve(dirname(from), specifier)
    return [path, `${path}.json`].find(each => existsSync(each))
  }
  const { resolve: resolvePackage } = createRequire(from)
  for (const each of [specifier, `${specifier}.json`, `${specifier}/tsconfig.json`]) {
    try {
      return resolvePackage(each)
    } catch {
      // The compiler says what is wrong with it.
    }
  }
  return undefined
}

/** Where a key of the plugin's entry stands, or a text in the value of the key. */
export function locateInEntry(file: string, key: string, text?: string): Position | undefined {
  const code = readFileSync(file, 'utf8')
  const entry = code.indexOf(JSON.stringify(PLUGIN_NAME))
  const start = code.lastIndexOf('{', entry)
  const at = start < 0 ? -1 : code.indexOf(JSON.stringify(key), start)
  const found = at < 0 || text === undefined ? at : code.indexOf(JSON.stringify(text), at)
  return found < 0 ? undefined : positionsIn(code)(found)
}
