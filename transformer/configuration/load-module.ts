import { createRequire, type RegisterHooksOptions, registerHooks } from 'node:module'
import { extname } from 'node:path'
import { withoutExperimentalWarning } from '../adapters/experimental-warning.ts'
import { ownPackage } from '../adapters/own-package.ts'

/**
 * The default export of a module in JavaScript or TypeScript (or CommonJS's `module.exports`), loaded at once: hooks and
 * compilers cannot wait. Throws what the module throws, and for top-level await `ERR_REQUIRE_ASYNC_MODULE`.
 */
export function loadModule(file: string): unknown {
  const hooks = registerHooks({ resolve: resolveOwn, ...(process.features.typescript ? {} : typeScriptHook()) })
  try {
    const module = withoutExperimentalWarning(() => createRequire(file)(file)) as { default?: unknown }
    if (module !== null && typeof module === 'object' && 'default' in module) return module.default
    if (isNamespace(module)) throw new Error('it has no default export')
    return module
  } finally {
    hooks.deregister()
  }
}

/** What `npx` runs is not installed in the project. */
const resolveOwn: NonNullable<RegisterHooksOptions['resolve']> = (specifier, context, nextResolve) => {
  try {
    return nextResolve(specifier, context)
  } catch (error) {
    const url = ownPackage().exports.get(specifier)
    if (url === undefined) throw error
    return { url, format: 'module', shortCircuit: true }
  }
}

/** Node 22 before 22.18 has the means to strip types, and does not use them by itself. */
function typeScriptHook(): RegisterHooksOptions {
  const name = `./typescript-hook${extname(import.meta.url)}`
  const { loadTypeScript } = createRequire(import.meta.url)(name) as typeof import('./typescript-hook.ts')
  return { load: loadTypeScript }
}

function isNamespace(module: unknown): boolean {
  return Object.prototype.toString.call(module) === '[object Module]'
}
