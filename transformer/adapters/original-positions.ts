import { readFileSync } from 'node:fs'
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
  const linesOf = sourceLines(map)
  const files = map.sources.map(source => (source === null ? undefined : pathOf(source, root)))
  return ({ line, column }) => {
    const segment = lookUp(mappings, line - 1, column - 1)
    const filename = segment && files[segment[1] as number]
    if (!segment || filename === undefined) return undefined
    const blanks = blanksBetween(lines[line - 1] ?? '', segment[0], column - 1)
    const [sourceIndex, originalLine, originalColumn] = segment.slice(1) as [number, number, number]
    const text = linesOf(sourceIndex)?.[originalLine]?.slice(originalColumn + blanks)
    const place = { filename, line: originalLine + 1, column: originalColumn + 1 + blanks }
    return { ...place, ...(text !== undefined && { text }) }
  }
}

/** The lines of a source by its index, from the map or, if it is still there, from its file. */
function sourceLines({ sources, sourcesContent }: FileMap): (index: number) => readonly string[] | undefined {
  const known = new Map<number, readonly string[] | undefined>()
  return index => {
    if (!known.has(index)) known.set(index, (sourcesContent?.[index] ?? readSource(sources[index]))?.split(/\r?\n/))
    return known.get(index)
  }
}

function readSource(source: string | null | undefined): string | undefined {
  try {
    return source?.startsWith('file:') ? readFileSync(fileURLToPath(source), 'utf8') : undefined
  } catch {
    return undefined
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
