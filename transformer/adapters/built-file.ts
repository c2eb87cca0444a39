import { basename, dirname, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type ContentCache, cacheKey } from '../cache.ts'
import { type Instrumented, instrument } from '../instrument.ts'
import type { SelectOptions } from '../options.ts'
import { isInstrumented } from '../planner.ts'
import { composeMaps, type FileMap } from './compose-maps.ts'
import { withInlineMap } from './inline-map.ts'
import { moduleFormat, packageType } from './module-format.ts'
import { originalPositions } from './original-positions.ts'
import { findProgramMap } from './program-map.ts'

/** What a compiler or bundler has written, instrumented afterwards. */
export interface BuiltFile extends Omit<Instrumented, 'map'> {
  /** The map in a file of its own, where there was one: from the new text to the original sources. */
  readonly map?: { readonly path: string; readonly text: string }
  /** It was instrumented before, and stays as it is. */
  readonly before: boolean
}

const COMMENT = /\n\/\/# sourceMappingURL=\S+\s*$/

/**
 * Instruments a built file. With a source map, inline or beside it, sites, globs and diagnostics go by the original
 * sources, and the map still leads to them; without one by the file itself. `target` says where the result will lie, by
 * the path that a file has now; sources are then named from there. `cache` has what earlier runs have made.
 */
export function instrumentBuilt(
  text: string,
  file: string,
  options: SelectOptions & { readonly root: string },
  target: (path: string) => string = path => path,
  cache?: ContentCache,
): BuiltFile {
  const found = findProgramMap(text, file)
  const make = (): BuiltFile => instrumented(text, file, options, found, target)
  // What a predicate says depends on more than its text.
  if (!cache || options.predicate) return make()
  const places = [file, target(file), found?.path ?? null, target(found?.path ?? file)]
  return cache.remembered(cacheKey('built', text, found?.map ?? null, packageType(file) ?? null, places, options), make)
}

function instrumented(
  text: string,
  file: string,
  options: SelectOptions & { readonly root: string },
  found: ReturnType<typeof findProgramMap>,
  target: (path: string) => string,
): BuiltFile {
  const origin = found && originalPositions(text, found.map, options.root)
  const format = moduleFormat(file, text)
  const { map, ...result } = instrument(text, {
    ...options,
    filename: file,
    format,
    fastParse: true,
    ...(origin && { origin }),
  })
  const before = isInstrumented(text)
  if (!map || !found) return { ...result, before }
  const mapPath = target(found.path ?? file)
  const composed = fromPlace(composeMaps(map as FileMap, found.map), dirname(mapPath))
  if (found.path === undefined) {
    const code = withInlineMap(result.code.replace(COMMENT, ''), composed, target(file))
    return { ...result, code, before }
  }
  const payload = { version: 3, file: basename(file), ...composed }
  return { ...result, before, map: { path: mapPath, text: JSON.stringify(payload) } }
}

/** Sources that are files are named relative to where the map lies. */
function fromPlace({ sources, sourcesContent, names, mappings }: FileMap, directory: string): FileMap {
  const moved = sources.map(source => {
    if (!source?.startsWith('file:')) return source
    return encodeURI(relative(directory, fileURLToPath(source)).replaceAll('\\', '/'))
  })
  return { sources: moved, sourcesContent, names, mappings }
}
