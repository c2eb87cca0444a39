import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface SourceFile {
  readonly filename: string
  readonly code: string
}

/** zod's TypeScript sources, as its package ships them, without tests. */
export const LIBRARY_ROOT: string = fileURLToPath(new URL('../../node_modules/zod/src/', import.meta.url))

export const LIBRARY: readonly SourceFile[] = readdirSync(LIBRARY_ROOT, { recursive: true, encoding: 'utf8' })
  .filter(file => file.endsWith('.ts') && !/(?:tests?|benchmarks)\//.test(file))
  .map(file => join(LIBRARY_ROOT, file))
  .map(filename => ({ filename, code: readFileSync(filename, 'utf8') }))

function sizeOf({ code }: SourceFile): number {
  return Buffer.byteLength(code)
}

/** Of all its files, or as much of each as `bytes` says. */
export function megabytes(bytes: (file: SourceFile) => number = sizeOf): number {
  return LIBRARY.reduce((sum, file) => sum + bytes(file), 0) / 1e6
}
