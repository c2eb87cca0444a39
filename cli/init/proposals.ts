import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseJsonc } from '../jsonc.ts'
import type { Proposal } from './change.ts'
import { withPluginCall } from './plugin-call.ts'
import { type ProjectFacts, textOf } from './project-facts.ts'
import { emitsNothing, withPlugin } from './tsconfig-plugin.ts'

/** Ships with the package. */
const SETUP = 'node_modules/span-tree/docs/setup.md'

/** What is to change in a project, and what is to be done by hand. Empty where everything is set up. */
export function proposalsFor(facts: ProjectFacts): readonly Proposal[] {
  const compiled = compiles(facts)
  return [
    configuration(facts),
    ...facts.pluginFiles.map(({ host, name }) => bundler(facts, host, name)),
    ...(compiled ? [tsconfig(facts), scripts(facts)] : []),
    esbuild(facts),
    jest(facts),
    next(facts),
  ].filter(({ change, advice }) => change ?? advice)
}

/** One configuration for all tools. */
function configuration({ configuration, names, directory }: ProjectFacts): Proposal {
  if (configuration) return {}
  const folders = ['src', 'app', 'lib', 'server'].filter(name => names.has(name) && hasSources(join(directory, name)))
  const include = folders.length > 0 ? folders.map(name => `${name}/**`) : ['*']
  const after = JSON.stringify({ include, exclude: ['**/*.{test,spec}.*', '**/__tests__/**'] }, null, 2)
  return { change: { path: 'span-tree.config.json', before: undefined, after: `${after}\n` } }
}

function hasSources(directory: string): boolean {
  try {
    return readdirSync(directory).length > 0
  } catch {
    return false
  }
}

function bundler({ directory }: ProjectFacts, host: string, path: string): Proposal {
  const module = `span-tree/${host === 'vitest' ? 'vite' : host}`
  const before = textOf(join(directory, path)) as string
  const after = withPluginCall(before, path, module)
  if (after === undefined) {
    const line = `import { spanTree } from '${module}'`
    return { advice: `${path}: add spanTree() to its plugins (${line})` }
  }
  return after === before ? {} : { change: { path, before, after } }
}

/** Whether TypeScript itself makes the JavaScript that runs. */
function compiles({ hasTsconfig, directory, manifest, typeScript }: ProjectFacts): boolean {
  if (!hasTsconfig || typeScript === undefined) return false
  if (emitsNothing(textOf(join(directory, 'tsconfig.json')) as string)) return false
  return Object.values(manifest.scripts ?? {}).some(script => TSC.test(script) || /\btspc\b|span-tree tsc/.test(script))
}

/** The native compiler takes no plugins: `span-tree tsc` goes by the configuration file. */
function tsconfig({ directory, typeScript = 0 }: ProjectFacts): Proposal {
  if (typeScript >= 7) return {}
  const before = textOf(join(directory, 'tsconfig.json')) as string
  const after = withPlugin(before)
  if (after === undefined) {
    return { advice: 'tsconfig.json: add { "transform": "span-tree/transformer" } to compilerOptions.plugins' }
  }
  return after === before ? {} : { change: { path: 'tsconfig.json', before, after } }
}

/** As a command of its own that emits. */
const TSC = /(?<![\w./-])tsc(?![\w./-])(?![^&|;]*--noEmit)/g

function scripts({ manifest, manifestText, typeScript = 0 }: ProjectFacts): Proposal {
  const compiler = typeScript >= 7 ? 'span-tree tsc' : 'tspc'
  let after = manifestText
  for (const [name, script] of Object.entries(manifest.scripts ?? {})) {
    const changed = script.replace(TSC, (tsc, offset: number) =>
      script.slice(0, offset).endsWith('span-tree ') ? tsc : compiler,
    )
    const place = parseJsonc(after)?.properties?.get('scripts')?.properties?.get(name)
    if (place) after = after.slice(0, place.start) + JSON.stringify(changed) + after.slice(place.end)
  }
  return after === manifestText ? {} : { change: { path: 'package.json', before: manifestText, after } }
}

/** Its plugins are in a script, wherever that is. */
function esbuild({ uses, names, directory }: ProjectFacts): Proposal {
  const scripts = [...names].filter(name => /\.[cm]?[jt]s$/.test(name))
  const known = scripts.some(name => textOf(join(directory, name))?.includes('span-tree/esbuild'))
  if (!uses('esbuild') || known) return {}
  return { advice: `esbuild: add spanTree() of span-tree/esbuild to the plugins of its build (${SETUP})` }
}

function jest({ uses, names, directory, manifestText }: ProjectFacts): Proposal {
  const file = [...names].find(name => /^jest\.config\.\w+$/.test(name))
  const text = file === undefined ? manifestText : (textOf(join(directory, file)) as string)
  if (!uses('jest') || text.includes('span-tree/jest')) return {}
  const place = file ?? 'package.json, jest'
  return {
    advice: [
      `${place} (${SETUP}):`,
      '  "transform": { "\\\\.[cm]?[jt]sx?$": "span-tree/jest" },',
      '  "transformIgnorePatterns": ["/node_modules/(?!span-tree/)"]',
    ].join('\n  '),
  }
}

function next({ uses, names, directory }: ProjectFacts): Proposal {
  const file = [...names].find(name => /^next\.config\.\w+$/.test(name)) ?? 'next.config.mjs'
  if (!uses('next') || textOf(join(directory, file))?.includes('span-tree/webpack')) return {}
  const line = "if (isServer && nextRuntime === 'nodejs') config.plugins.push(spanTree())"
  return { advice: `${file}, webpack(config, { isServer, nextRuntime }): ${line} (span-tree/webpack; ${SETUP})` }
}
