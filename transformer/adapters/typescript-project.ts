import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import type TypeScript from 'typescript'
import { HOST_KEYS, PLUGIN_NAME } from './plugin-keys.ts'

/** A tsconfig as far as it concerns what is instrumented. */
export interface TypeScriptProject {
  /** The entry of this plugin, without the keys that are ts-patch's own; undefined where there is none. */
  readonly entry: Readonly<Record<string, unknown>> | undefined
  /** Absolute paths of what is compiled, without declarations. */
  readonly files: readonly string[]
  /** Absolute; where the compiler writes, if not beside the sources. */
  readonly outDir: string | undefined
}

/**
 * Reads a tsconfig, with all that it extends, by the project's own TypeScript. Undefined where that has no JavaScript API
 * (version 7), or is not installed.
 */
export function typeScriptProject(config: string): TypeScriptProject | undefined {
  const ts = loadFrom(config)
  if (!ts) return undefined
  const { config: raw } = ts.parseConfigFileTextToJson(config, readFileSync(config, 'utf8'))
  const { options, fileNames } = ts.parseJsonConfigFileContent(raw ?? {}, ts.sys, dirname(config), undefined, config)
  return {
    entry: ownEntry(options['plugins']),
    files: fileNames.filter(name => !/\.d\.([cm]?ts|[^/]+\.ts)$|\.json$/.test(name)),
    outDir: options.outDir,
  }
}

/** Of the plugins that a tsconfig lists, what this one is given. */
export function ownEntry(plugins: unknown): Readonly<Record<string, unknown>> | undefined {
  const list = Array.isArray(plugins) ? (plugins as readonly Record<string, unknown>[]) : []
  const entry = list.find(each => each?.['transform'] === PLUGIN_NAME)
  return entry && Object.fromEntries(Object.entries(entry).filter(([key]) => !HOST_KEYS.includes(key)))
}

function loadFrom(config: string): typeof TypeScript | undefined {
  try {
    const ts = createRequire(config)('typescript') as typeof TypeScript
    return typeof ts.parseJsonConfigFileContent === 'function' ? ts : undefined
  } catch {
    return undefined
  }
}
