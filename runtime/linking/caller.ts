import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { runtimeFolder } from '../own-modules.ts'
import { callFrames, type Frame } from '../stack-frames.ts'

/** Frames of ours and of Node that may lie between the caller and here; and those that mostly do, since each costs half a microsecond. */
const DEPTH = 20
const MOSTLY = 6

// Where the runtime is joined into few files, their names begin like this. ES modules are named by URL there, CommonJS by path.
const here =
  runtimeFolder === undefined ? [] : ['linking', 'span-tree-'].map(name => join(runtimeFolder as string, name))
const own = here.flatMap(path => [path, pathToFileURL(path).href])

/** The file of a library that called into ours; undefined where the program's own code did. */
export function callingLibrary(): string | undefined {
  const caller = callFrames(MOSTLY).find(isCaller) ?? callFrames(DEPTH).find(isCaller)
  if (caller === undefined || !/[\\/]node_modules[\\/]/.test(caller.script)) return undefined
  return caller.script.startsWith('file:') ? fileURLToPath(caller.script) : caller.script
}

function isCaller({ script }: Frame): boolean {
  return !isOurs(script) && script !== '' && !script.startsWith('node:')
}

function isOurs(script: string): boolean {
  return own.some(folder => script.startsWith(folder))
}
