import { readFileSync } from 'node:fs'
import Module from 'node:module'

interface RequiredModule {
  _compile(code: string, path: string): unknown
}

type Load = (module: RequiredModule, path: string) => unknown

interface Loader {
  readonly _extensions?: Record<string, Load | undefined>
  readonly _cache?: Readonly<Record<string, unknown>>
}

const loader = Module as unknown as Loader

/**
 * Has CommonJS pass by that is required: Bun gives it to no plugin, or to one that could only make an ES module of it, but
 * asks `Module._extensions` as Node does. `edit` returns the new code of a file that `concerns`, or undefined where it
 * stays as it is. What an ES module imports, and where the program begins, does not come this way.
 */
export function editRequired(
  concerns: (path: string) => boolean,
  edit: (text: string, path: string) => string | undefined,
): void {
  const extensions = loader._extensions
  const javaScript = extensions?.['.js']
  if (!extensions || !javaScript) return
  for (const extension of ['.js', '.cjs']) {
    const load = extensions[extension] ?? javaScript
    extensions[extension] = (module, path) => {
      const code = concerns(path) ? edit(readFileSync(path, 'utf8'), path) : undefined
      return code === undefined ? load(module, path) : module._compile(withThis(code), path)
    }
  }
}

/** Bun's `_compile` knows no hashbang, and has `this` undefined where it is `module.exports`. */
function withThis(code: string): string {
  return `(function () {${code.replace(/^#!.*/, '')}\n}).apply(module.exports, arguments)`
}

/** Paths of all that this process has loaded, ES modules too. */
export function loadedFiles(): readonly string[] {
  return Object.keys(loader._cache ?? {})
}
