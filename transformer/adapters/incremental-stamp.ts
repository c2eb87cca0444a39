import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { SelectOptions } from '../options.ts'
import { ownPackage } from './own-package.ts'

/**
 * Remembers, beside the compiler's `.tsbuildinfo`, the options of the last build that emitted every file. The compiler
 * itself takes no notice of a plugin's options: after a change it emits only what has changed otherwise.
 */
export interface IncrementalStamp {
  /** To be told of each file as it is emitted. */
  emitted(file: string): void
  /** Whether files may be left from a build with other options: when all that was to be emitted has been. */
  isOutdated(): boolean
}

/** Whether builds under these options of the compiler leave out what has not changed, and emit JavaScript. */
export function keepsStamp(options: Readonly<Record<string, unknown>>): boolean {
  const { incremental, composite, noEmit, emitDeclarationOnly } = options
  return Boolean(incremental || composite) && !noEmit && !emitDeclarationOnly
}

/** `files` are all that the program can emit. */
export function incrementalStamp(buildInfo: string, options: SelectOptions, files: Iterable<string>): IncrementalStamp {
  const path = buildInfo.replace(/(\.tsbuildinfo)?$/, '.span-tree.tsbuildinfo')
  const stamp = stampOf(options)
  const open = new Set(files)
  let isOutdated = existsSync(buildInfo) && read(path) !== stamp
  return {
    emitted(file) {
      if (!open.delete(file) || open.size > 0) return
      isOutdated = false
      write(path, stamp)
    },
    isOutdated: () => isOutdated,
  }
}

function stampOf(options: SelectOptions): string {
  const entries = Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1))
  const text = JSON.stringify([ownPackage().version, entries, String(options.predicate)])
  return createHash('sha256').update(text).digest('hex')
}

function read(path: string): string | undefined {
  try {
    return (JSON.parse(readFileSync(path, 'utf8')) as { options?: string }).options
  } catch {
    return undefined
  }
}

function write(path: string, options: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `${JSON.stringify({ options })}\n`)
}
