import { existsSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { RuntimeSite } from './site.ts'
import { callFrames, type Frame, sourceFrames } from './stack-frames.ts'

/** Sites of spans begun by hand, by where they are in the running code, and their name. */
const known = new Map<string, RuntimeSite>()
/** Names may be made from data: without a bound they would fill the memory. */
const MAX_SITES = 10_000

/** The site of a span begun by hand: where the program called. `depth`: frames between that call and this function's. */
export function callSite(name: string, depth: number): RuntimeSite {
  const frame = callFrames(depth + 2)[depth + 1]
  const key = frame === undefined ? name : `${frame.script}:${frame.line}:${frame.column}:${name}`
  const site = known.get(key) ?? makeSite(name, frame && (sourceFrames(depth + 2)[depth + 1] ?? frame), frame?.script)
  if (known.size < MAX_SITES) known.set(key, site)
  return site
}

export interface Place {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly module?: string
}

/** Helpers that compilers put between a class and its decorators. */
const DECORATOR_HELPER =
  /^(?:__esDecorate|__decorate|__runInitializers|_applyDecs\w*|__decorateElement|__decorateClass)$/

/** Where a decorator that runs now stands, as near as the stack tells. */
export function decorationPlace(): Place {
  const frames = sourceFrames(20)
  // This function, `memberSite` and the decorator lie in files of ours, and so do all frames up to the program's.
  const ours = new Set(frames.slice(0, 3).map(({ script }) => script))
  const frame = frames.find(each => !ours.has(each.script) && !DECORATOR_HELPER.test(each.functionName))
  if (frame === undefined) return { file: '', line: 0, column: 0 }
  const { script: module, line, column } = frame
  return { file: relativeToProject(module), line, column, module }
}

function makeSite(name: string, frame: Frame | undefined, module: string | undefined): RuntimeSite {
  if (frame === undefined) return new RuntimeSite('', undefined, [name, 'manual', 0, 0])
  return new RuntimeSite(relativeToProject(frame.script), module, [name, 'manual', frame.line, frame.column])
}

function relativeToProject(script: string): string {
  const path = script.startsWith('file:') ? fileURLToPath(script) : script
  const root = projectRoot(dirname(path))
  return (root === undefined ? path : relative(root, path)).split(sep).join('/')
}

const roots = new Map<string, string | undefined>()

/** The nearest folder with a package.json. */
function projectRoot(directory: string): string | undefined {
  if (roots.has(directory)) return roots.get(directory)
  const parent = dirname(directory)
  const root = existsSync(join(directory, 'package.json'))
    ? directory
    : parent === directory
      ? undefined
      : projectRoot(parent)
  roots.set(directory, root)
  return root
}
