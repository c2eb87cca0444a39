import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

/**
 * A package that only the transformer needs, and that an installation may therefore lack: production images are made
 * with `npm ci --omit=optional`. A static import would fail without a word about what to do. Throws an `Error` that
 * says it.
 */
export function optionalPackage<T>(name: string): T {
  try {
    return require(name) as T
  } catch (error) {
    throw isMissing(error, name) ? new Error(adviceFor(name)) : error
  }
}

function isMissing(error: unknown, name: string): boolean {
  const { code, message } = error as NodeJS.ErrnoException
  return (code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND') && message.includes(`'${name}'`)
}

function adviceFor(name: string): string {
  return (
    `span-tree cannot instrument code here: its optional dependency ${name} is not installed. ` +
    'Install without --omit=optional where code is built or instrumented; what was built runs without it.'
  )
}
