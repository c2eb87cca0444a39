import { fileURLToPath } from 'node:url'
import type { Environment, Plugin, Rolldown } from 'vite'
import { instrument } from '../instrument.ts'
import { matchesFile } from '../match.ts'
import { type SelectOptions, validateOptions } from '../options.ts'
import type { Diagnostic } from '../plan.ts'
import { type GlobWatch, watchGlobs } from './glob-watch.ts'
import { ownPackage } from './own-package.ts'
import { isBelow, isInNodeModules, isSourceFile, withProgramFiles } from './program-files.ts'

const OPTIONS_PLACE = 'spanTree() options'
const ANNOTATION = /@span\b/

/**
 * Instruments the project's own files in Vite: builds for Node (`build.ssr`, `build.lib`), the server side of the dev
 * server, and vitest. Without `include`, everything below Vite's root that is not in `node_modules`. Code for the
 * browser is left alone: the runtime needs Node.
 */
export function spanTree(options: SelectOptions = {}): Plugin {
  const checked = validateOptions(options, OPTIONS_PLACE)
  const warn = warner()
  let select = { ...withProgramFiles(checked.options), root: process.cwd() }
  let globs: GlobWatch = watchGlobs(select.include, select.root)
  return {
    name: 'span-tree',
    enforce: 'pre',
    configResolved({ root }) {
      select = { ...select, root }
      globs = watchGlobs(select.include, root)
    },
    buildStart() {
      warn(this, checked.diagnostics)
    },
    resolveId: {
      order: 'pre',
      filter: { id: /^span-tree(\/|$)/ },
      handler(source, importer, { isEntry }) {
        return isEntry ? null : resolveOwn(this, source, importer)
      },
    },
    transform: {
      filter: { id: /\.[cm]?[jt]sx?($|\?)/ },
      handler(code, id) {
        const filename = sourceFile(id)
        if (filename === undefined || !runsInNode(this.environment)) return null
        globs.saw(filename)
        if (!isWanted(filename, code, select)) return null
        const result = instrument(code, { ...select, filename, format: 'module', fastParse: true })
        warn(this, result.diagnostics)
        return result.changed ? { code: result.code, map: result.map?.toString() ?? null } : null
      },
    },
    buildEnd() {
      // A dev server, and so vitest, has loaded only what was asked for.
      if (this.environment.mode === 'build' && runsInNode(this.environment)) warn(this, globs.unmatched(OPTIONS_PLACE))
    },
  }
}

export default spanTree

/** The file behind a module's id; undefined for virtual modules and for files that are asked for as something else. */
function sourceFile(id: string): string | undefined {
  const [path = '', query] = id.split('?', 2)
  // `v` and `t` are Vite's marks against caches; any other query (`raw`, `url`, `worker`, a part of a component)
  // means that this is not the source as it stands in the file.
  const plain = query === undefined || query.split('&').every(part => /^[vt]=/.test(part))
  return plain && !id.includes('\0') && isSourceFile(path) ? path : undefined
}

function isWanted(file: string, code: string, select: SelectOptions & { readonly root: string }): boolean {
  if (matchesFile(file, select)) return true
  return ANNOTATION.test(code) && isBelow(file, select.root) && !isInNodeModules(file)
}

function runsInNode(environment: Environment): boolean {
  const { consumer, build } = environment.config
  return consumer === 'server' || (environment.mode === 'build' ? Boolean(build.lib) : isVitest(environment))
}

// What vitest's jsdom and happy-dom run as a client runs in Node too; only its browser mode does not.
function isVitest(environment: Environment): boolean {
  const { test } = environment.getTopLevelConfig() as { test?: { browser?: { enabled?: boolean } } }
  return process.env['VITEST'] !== undefined && test?.browser?.enabled !== true
}

/**
 * What is built for Node finds span-tree at run time: a copy bundled into each output would be a runtime of its own.
 * (With `noExternal: true` that is what was asked for.) Elsewhere the runtime is this one where the project has none.
 */
async function resolveOwn(
  context: Rolldown.PluginContext,
  source: string,
  importer: string | undefined,
): Promise<Rolldown.ResolveIdResult> {
  const { mode, config } = context.environment
  if (!runsInNode(context.environment)) return null
  if (mode === 'build' && config.resolve.noExternal !== true) return { id: source, external: true }
  const resolved = await context.resolve(source, importer, { skipSelf: true })
  const own = ownPackage().exports.get(source)
  return resolved ?? (own === undefined ? null : fileURLToPath(own))
}

type Warn = (context: Pick<Rolldown.PluginContext, 'warn'>, diagnostics: readonly Diagnostic[]) => void

/** Each diagnostic once, however many environments build the file. */
function warner(): Warn {
  const said = new Set<string>()
  return (context, diagnostics) => {
    for (const { code, message, file, line, column = 1 } of diagnostics) {
      const place = line === undefined ? file : `${file}:${line}:${column}`
      const text = `${place} - ${code}: ${message}`
      if (said.has(text)) continue
      said.add(text)
      context.warn(line === undefined ? text : { message: text, loc: { file, line, column: column - 1 } })
    }
  }
}
