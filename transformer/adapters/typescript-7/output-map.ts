import { composeMaps, type FileMap } from '../compose-maps.ts'

/** What was done to a source before the compiler saw it. */
export interface SourceEdit {
  /** As the author wrote it. */
  readonly original: string
  /** From the edited text to the original. */
  readonly map: FileMap
}

const INLINE = /^\/\/# sourceMappingURL=data:application\/json;base64,(\S+)\s*$/m

/** The text of a map file, leading to the author's text in place of what the compiler was given. */
export function mapToOriginal(text: string, edit: SourceEdit): string {
  const map = JSON.parse(text) as FileMap & Record<string, unknown>
  const { mappings, names } = composeMaps(map, edit.map)
  const content = map.sourcesContent && { sourcesContent: [edit.original] }
  return JSON.stringify({ ...map, ...content, names, mappings })
}

/** The same for a map that the JavaScript carries in a comment; without one it stays as it is. */
export function inlineMapToOriginal(code: string, edit: SourceEdit): string {
  const found = INLINE.exec(code)
  if (!found) return code
  const [comment, data = ''] = found
  const map = mapToOriginal(Buffer.from(data, 'base64').toString(), edit)
  const encoded = Buffer.from(map).toString('base64')
  return code.replace(comment, () => comment.replace(data, encoded))
}
