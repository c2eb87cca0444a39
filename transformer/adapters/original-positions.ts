import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { optionalPackage } from '../optional-package.ts'
import type { Origin } from '../options.ts'
import type { Position } from '../positions.ts'
import { type FileMap, lookUp } from './compose-maps.ts'

const { decode } = optionalPackage<typeof import('@jridgewell/sourcemap-codec')>('@jridgewell/sourcemap-codec')

/**
 * Looks positions of a compiled file, `text`, up in its map (whose sources are URLs). Bundlers name sources relative to their own
 * root (`webpack://app/./src/a.ts`), for which `root` is taken.
 */
export function originalPositions(
  text: string,
  map: FileMap,
  root: string,
): (position: Position) => Origin | undefined {
  const lines = text.split('\n')
  const mappings = decode(map.mappings)
  const files = map.sources.map(source => (source === null ? undefined : pathOf(source, root)))
  return ({ line, column }) => {
    const segment = lookUp(mappings, line - 1, column - 1)
    const filename = segment && files[segment[1] as number]
    if (!segment || filename === undefined) return undefined
    const blanks = blanksBetween(lines[line - 1] ?? '', segment[0], column - 1)
    return { filename, line: (segment[2] as number) + 1, column: (segment[3] as number) + 1 + blanks }
  }
}

/** TypeScript has `function` begin behind `export default`, before the blank. */
function blanksBetween(line: string, from: number, to: number): number {
  return to > from && line.slice(from, to).trim() === '' ? to - from : 0
}

function pathOf(source: string, root: string): string | undefined {
  if (source.startsWith('file:')) return fileURLToPath(source)
  const path = /^[\w-]+:\/\/[^/]*\/(.*)$/.exec(source)?.[1]
  // A bundler's own code: `webpack/runtime/define`.
  return path === undefined || /^(webpack|\(?webpack\)?)\//.test(path) ? undefined : resolve(root, decodeURI(path))
}
