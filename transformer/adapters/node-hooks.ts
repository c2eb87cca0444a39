import {
  createRequire,
  type LoadFnOutput,
  type LoadHookContext,
  type LoadHookSync,
  type ResolveHookSync,
} from 'node:module'
import { extname, isAbsolute } from 'node:path'
import { fileURLToPath } from 'node:url'
import { hooksSpareRequire } from '../../model/load-hooks.ts'
import { isQueueModule, linkedQueueModule, wantsLinks } from '../../model/queue-modules.ts'
import { withoutExperimentalWarning } from './experimental-warning.ts'
import type { FileLoader } from './file-loader.ts'
import { isOwnPackageFile, ownPackage } from './own-package.ts'
import { isBelow, isInNodeModules, isSourceFile, isTypeScriptFile } from './program-files.ts'
import type { RegisterOptions } from './register-options.ts'
import { typeScriptSource } from './typescript-specifier.ts'

/** The hooks for `module.registerHooks`, and the loader behind them once a file has needed it. */
export interface NodeHooks {
  readonly resolve: ResolveHookSync
  readonly load: LoadHookSync
  loader(): FileLoader | undefined
}

export function createNodeHooks(options: RegisterOptions): NodeHooks {
  const isCandidate = candidates(options)
  const { loader, ensureLoader } = lazyLoader(options)
  const linksQueues = wantsLinks(process.env)
  const load: LoadHookSync = (url, context, nextLoad) => {
    const file = fileOf(url)
    const loaded = file !== undefined && isCandidate(file) && ensureLoader()?.load(file)
    const result = repaired(loaded ? { ...loaded, shortCircuit: true } : nextLoad(url, context), context)
    return linksQueues && isQueueModule(url) ? withQueue(url, result) : result
  }
  return { resolve: createResolve(), load, loader }
}

/** Parser, matcher and renderer are loaded when a file needs them: most processes (npm, npx, a tool) have none. */
function lazyLoader(options: RegisterOptions): Pick<NodeHooks, 'loader'> & { ensureLoader(): FileLoader | undefined } {
  let loader: FileLoader | undefined
  // While it loads, its own packages pass through the hooks, and a glob may well match them.
  let loading = false
  return {
    loader: () => loader,
    ensureLoader() {
      if (loader || loading) return loader
      loading = true
      loader = loadFileLoader(options)
      loading = false
      return loader
    },
  }
}

function loadFileLoader(options: RegisterOptions): FileLoader {
  const require = createRequire(import.meta.url)
  return withoutExperimentalWarning(() => {
    const module = require(`./file-loader${extname(import.meta.url)}`) as typeof import('./file-loader.ts')
    return module.createFileLoader(options)
  })
}

/** Which files can concern us at all, by their path alone. */
function candidates({ include, root }: RegisterOptions): (file: string) => boolean {
  const reachesOut = include.some(pattern => isAbsolute(pattern) || pattern.includes('node_modules'))
  return file => {
    if (!isSourceFile(file) || isOwnPackageFile(file)) return false
    if (isInNodeModules(file)) return reachesOut
    return reachesOut || isBelow(file, root) || isTypeScriptFile(file)
  }
}

/** Queues that say how long their tasks waited. */
function withQueue(url: string, loaded: LoadFnOutput): LoadFnOutput {
  const abi = ownPackage().exports.get('span-tree/abi') as string
  return linkedQueueModule(url, loaded, new URL(`linking/queue-wrappers${extname(abi)}`, abi).href)
}

function fileOf(url: string): string | undefined {
  return url.startsWith('file:') ? fileURLToPath(url.replace(/[?#].*$/, '')) : undefined
}

function createResolve(): ResolveHookSync {
  const own = ownPackage().exports
  return (specifier, context, nextResolve) => {
    // Injected code and runtime are one ABI: it is this copy's, installed in the project or not.
    const url = own.get(specifier)
    if (url !== undefined) return { url, format: 'module', shortCircuit: true }
    try {
      return nextResolve(specifier, context)
    } catch (error) {
      const source = typeScriptSource(specifier, context.parentURL)
      if (source === undefined) throw error
      return { url: source, shortCircuit: true }
    }
  }
}

/** The format by which `require()` of an ES module imports CommonJS goes through the real `require`. */
function repaired(result: LoadFnOutput, context: LoadHookContext): LoadFnOutput {
  if (!REQUIRE_IS_BROKEN || result.format !== 'commonjs' || !isImport(context)) return result
  return { ...result, format: 'commonjs-sync' }
}

const REQUIRE_IS_BROKEN = !hooksSpareRequire(process.versions.node)

// An array or, where CommonJS asks on some versions, a set.
function isImport(context: LoadHookContext): boolean {
  return new Set<string>(context.conditions).has('import')
}
