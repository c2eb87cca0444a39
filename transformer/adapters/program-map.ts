import { readFileSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { FileMap } from './compose-maps.ts'

interface RawMap extends FileMap {
  readonly sourceRoot?: string
}

/**
 * The source map that a compiled file brings along, inline or beside it, with its sources as URLs, and the path of the file
 * that it is in (undefined where it is inline). Undefined when there is none that can be read.
 */
export function findProgramMap(code: string, file: string): { map: FileMap; path: string | undefined } | undefined {
  const base = pathToFileURL(file)
  const comments = [...code.matchAll(/^\/\/# sourceMappingURL=(\S+)\s*$/gm)]
  const link = comments.at(-1)?.[1]
  if (link === undefined) return undefined
  try {
    const url = new URL(link, base)
    const inline = url.protocol === 'data:'
    const map = JSON.parse(inline ? decodeDataURL(url) : readFileSync(url, 'utf8')) as RawMap
    // Maps of maps (`sections`) are as good as none here.
    if (typeof map.mappings !== 'string') return undefined
    return { map: withURLs(map, inline ? base : url), path: inline ? undefined : fileURLToPath(url) }
  } catch {
    return undefined
  }
}

function withURLs(map: RawMap, base: URL): FileMap {
  const root = map.sourceRoot ? new URL(map.sourceRoot.replace(/\/?$/, '/'), base) : base
  return { ...map, sources: map.sources.map(source => new URL(source ?? '', root).href) }
}

function decodeDataURL({ pathname }: URL): string {
  const comma = pathname.indexOf(',')
  const data = pathname.slice(comma + 1)
  return pathname.slice(0, comma).endsWith(';base64')
    ? Buffer.from(data, 'base64').toString()
    : decodeURIComponent(data)
}
