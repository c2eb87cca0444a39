import type { SourceMapMappings, SourceMapSegment } from '@jridgewell/sourcemap-codec'
import { optionalPackage } from '../optional-package.ts'

const { decode, encode } = optionalPackage<typeof import('@jridgewell/sourcemap-codec')>('@jridgewell/sourcemap-codec')

/** A source map of version 3, as far as it is read here. */
export interface FileMap {
  readonly mappings: string
  readonly names: readonly string[]
  readonly sources: readonly (string | null)[]
  readonly sourcesContent?: readonly (string | null)[] | undefined
}

/**
 * The map of two transformations of one file, one after the other: `second` leads from the final text to the text
 * between, `first` from there to the original. Positions that `first` knows nothing of are left out.
 */
export function composeMaps(second: FileMap, first: FileMap): FileMap {
  const between = decode(first.mappings)
  const names: string[] = []
  const mappings = decode(second.mappings).map(line =>
    line.flatMap((segment): SourceMapSegment[] => {
      const original = segment.length > 1 && lookUp(between, segment[2] as number, segment[3] as number)
      if (!original) return []
      const [, source, line, column] = original as [number, number, number, number]
      const name = nameOf(segment, second) ?? nameOf(original, first)
      const position = [segment[0], source, line, column] as const
      return [name === undefined ? [...position] : [...position, indexOf(names, name)]]
    }),
  )
  const { sources, sourcesContent } = first
  return { mappings: encode(mappings), names, sources, sourcesContent }
}

/** The last segment of the line that begins at or before the column (both 0-based), if it leads anywhere. */
export function lookUp(mappings: SourceMapMappings, line: number, column: number): SourceMapSegment | undefined {
  const segments = mappings[line] ?? []
  let low = 0
  let high = segments.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((segments[middle] as SourceMapSegment)[0] <= column) low = middle + 1
    else high = middle
  }
  const found = segments[low - 1]
  return found && found.length > 1 ? found : undefined
}

function nameOf(segment: SourceMapSegment, map: FileMap): string | undefined {
  return segment.length === 5 ? map.names[segment[4]] : undefined
}

function indexOf(names: string[], name: string): number {
  const index = names.indexOf(name)
  return index === -1 ? names.push(name) - 1 : index
}
