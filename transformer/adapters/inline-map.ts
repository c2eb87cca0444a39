import { basename } from 'node:path'
import type { FileMap } from './compose-maps.ts'

/** The code with its map in a comment at its end, which Node reads where source maps are on. No line is added before. */
export function withInlineMap(
  code: string,
  { sources, sourcesContent, names, mappings }: FileMap,
  file: string,
): string {
  const payload = JSON.stringify({ version: 3, file: basename(file), sources, sourcesContent, names, mappings })
  const data = Buffer.from(payload).toString('base64')
  return `${code}\n//# sourceMappingURL=data:application/json;base64,${data}`
}
