import { readFileSync } from 'node:fs'
import type { LoadHookSync } from 'node:module'
import { fileURLToPath } from 'node:url'
import { moduleFormat } from '../adapters/module-format.ts'
import { stripTypes } from '../adapters/strip-types.ts'

/** Loads TypeScript, rid of its types; everything else as it would be. Throws for syntax that is more than types. */
export const loadTypeScript: LoadHookSync = (url, context, nextLoad) => {
  if (!url.startsWith('file:') || !/\.[cm]?ts$/.test(url)) return nextLoad(url, context)
  const file = fileURLToPath(url)
  const text = readFileSync(file, 'utf8')
  const source = stripTypes(text, file)
  if (source === undefined) throw new Error('it has syntax that is more than types (enums, namespaces)')
  return { source, format: moduleFormat(file, text), shortCircuit: true }
}
