import nodeModule from 'node:module'
import { basename, dirname, extname, isAbsolute, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { callFrames } from './stack-frames.ts'

/** This file; and the one that it is joined into as span-tree is built (`build/join-runtime.ts`). */
const NAMES = ['own-modules', 'span-tree-messages']

/**
 * The file that this code runs from. Asked of the stack: `import.meta` is empty in a bundle of CommonJS, and in one of webpack it is where
 * the file lay when the bundle was made.
 */
const file: string = pathOf(callFrames(1)[0]?.script ?? '')

/** The folder of the runtime; undefined where it is part of a bundle. */
export const runtimeFolder: string | undefined = NAMES.includes(basename(file, extname(file)))
  ? dirname(file)
  : undefined

/** Not by name from `node:module`: bundlers know that one, and take whole folders along for a path that is computed. */
export const requireFromHere: NodeJS.Require = nodeModule.createRequire(
  file === '' ? join(process.cwd(), 'own-modules') : file,
)

/** The path of a module of the runtime, as `linking/pools`. Throws where it is part of a bundle, which says nothing of its files. */
export function ownModule(name: string): string {
  if (runtimeFolder !== undefined) return join(runtimeFolder, name + extname(file))
  throw new Error('span-tree is part of a bundle: keep it external')
}

/** Loads a module of the runtime that few programs need. Throws as `ownModule` does. */
export function loadOwn(name: string): unknown {
  return requireFromHere(ownModule(name))
}

function pathOf(script: string): string {
  try {
    const path = script.startsWith('file:') ? fileURLToPath(script) : script
    return isAbsolute(path) ? path : ''
  } catch {
    return ''
  }
}
