import { statSync } from 'node:fs'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** TypeScript's convention: an import names the file that the compiler would have written. */
const WRITTEN_AS: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx', '.jsx'],
  '.jsx': ['.tsx'],
  '.mjs': ['.mts'],
  '.cjs': ['.cts'],
}
const LEFT_OUT: readonly string[] = ['.ts', '.tsx', '.cts', '.mts', '.jsx', '/index.ts', '/index.tsx', '/index.cts']

/**
 * The file URL of the TypeScript (or JSX) source that a relative specifier means when nothing exists under its own
 * name: `./a.js` for `a.ts`, and without an extension `./a` for `a.ts` or `a/index.ts`. Undefined when there is none.
 */
export function typeScriptSource(specifier: string, parentURL: string | undefined): string | undefined {
  const path = relativePath(specifier, parentURL)
  if (path === undefined) return undefined
  const extension = extname(path)
  const written = WRITTEN_AS[extension]
  const stem = written ? path.slice(0, -extension.length) : path
  const found = (written ?? LEFT_OUT).map(ending => stem + ending).find(isFile)
  return found && pathToFileURL(found).href
}

function relativePath(specifier: string, parentURL: string | undefined): string | undefined {
  if (specifier.startsWith('file:')) return fileURLToPath(specifier)
  if (!/^\.{1,2}(\/|$)/.test(specifier) || !parentURL?.startsWith('file:')) return undefined
  return join(dirname(fileURLToPath(parentURL)), decodeURI(specifier.replace(/[?#].*$/, '')))
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true
}
