import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CONFIGURATION_NAMES } from '../../transformer/configuration/configuration-file.ts'

export interface Manifest {
  readonly name?: string
  readonly main?: string
  readonly scripts?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly 'span-tree'?: unknown
}

/** Tools whose configuration lists plugins, by the subpath of span-tree that has theirs. */
export const PLUGIN_HOSTS = ['vite', 'vitest', 'rollup', 'rolldown', 'webpack', 'rspack'] as const
export type PluginHost = (typeof PLUGIN_HOSTS)[number]

/** What can be seen of a project without running anything of it. */
export interface ProjectFacts {
  /** Absolute. */
  readonly directory: string
  readonly manifest: Manifest
  /** Text of `package.json`. */
  readonly manifestText: string
  readonly packageManager: 'npm' | 'pnpm' | 'yarn' | 'bun'
  /** Major version of TypeScript; undefined where the project has none. */
  readonly typeScript: number | undefined
  /** Name of the configuration file of span-tree that is there. */
  readonly configuration: string | undefined
  readonly hasTsconfig: boolean
  /** Configuration files with plugins. */
  readonly pluginFiles: readonly { readonly host: PluginHost; readonly name: string }[]
  /** Names of everything in the directory. */
  readonly names: ReadonlySet<string>
  /** Whether a package is among the dependencies, of whatever kind. */
  uses(name: string): boolean
}

/** Undefined where the directory has no readable `package.json`. */
export function readFacts(directory: string): ProjectFacts | undefined {
  const text = textOf(join(directory, 'package.json'))
  const manifest = text === undefined ? undefined : parsed(text)
  if (text === undefined || !manifest) return undefined
  const names = new Set(readdirSync(directory))
  const dependencies = { ...manifest.devDependencies, ...manifest.dependencies }
  return {
    ...{ directory, manifest, manifestText: text, names },
    packageManager: packageManager(names),
    typeScript: majorOf(directory, dependencies['typescript']),
    configuration: manifest['span-tree'] ? 'package.json' : CONFIGURATION_NAMES.find(name => names.has(name)),
    hasTsconfig: names.has('tsconfig.json'),
    pluginFiles: PLUGIN_HOSTS.flatMap(host => {
      const name = ['ts', 'mts', 'js', 'mjs', 'cjs', 'cts']
        .map(end => `${host}.config.${end}`)
        .find(each => names.has(each))
      return name === undefined ? [] : [{ host, name }]
    }),
    uses: name => Object.hasOwn(dependencies, name),
  }
}

export function textOf(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}

function parsed(text: string): Manifest | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

function packageManager(names: ReadonlySet<string>): ProjectFacts['packageManager'] {
  if (names.has('pnpm-lock.yaml')) return 'pnpm'
  if (names.has('yarn.lock')) return 'yarn'
  return names.has('bun.lock') || names.has('bun.lockb') ? 'bun' : 'npm'
}

/** Of what is installed, else of what is asked for. */
function majorOf(directory: string, range: string | undefined): number | undefined {
  const installed = textOf(join(directory, 'node_modules/typescript/package.json'))
  const version = installed === undefined ? range : (JSON.parse(installed) as { version: string }).version
  const major = /\d+/.exec(version ?? '')?.[0]
  return major === undefined ? undefined : Number(major)
}
