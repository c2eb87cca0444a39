import { type ContentCache, cacheKey } from '../cache.ts'
import { type Instrumented, withoutMark } from '../instrument.ts'
import { SourceMap } from '../source-map.ts'

/** A source as a build goes on with it. */
export type EditedFile = Pick<Instrumented, 'code' | 'map' | 'diagnostics' | 'changed'>

/** An edited file as the cache has it: without what is known already. */
interface KeptFile extends Pick<EditedFile, 'diagnostics'> {
  /** Absent where nothing changed. */
  readonly code?: string
  readonly mappings?: string
}

/** What an earlier build has made of a source, with nothing parsed, or what `make` makes of it; by all that it depends on. */
export function rememberedFile(
  cache: ContentCache,
  dependencies: readonly unknown[],
  source: { readonly code: string; readonly filename: string },
  make: () => EditedFile,
): EditedFile {
  const key = cacheKey('edited', source.code, source.filename, ...dependencies)
  const { code, mappings, diagnostics } = cache.remembered(key, () => keptOf(make()))
  const map = mappings === undefined ? null : new SourceMap(source.filename, withoutMark(source.code), mappings)
  return { code: code ?? source.code, map, diagnostics, changed: code !== undefined }
}

function keptOf({ code, map, diagnostics, changed }: EditedFile): KeptFile {
  return { ...(changed && { code }), ...(map && { mappings: map.mappings }), diagnostics }
}
