import { readFileSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping'

/**
 * The places of a stack trace in the sources, as an independent reader of source maps finds them: `src/a.ts:3:5`, from
 * the innermost frame on, without those of the runtime and of Node.
 */
export function originalStack(stack: string, directory: string): string[] {
  const frames = [...stack.matchAll(/^ {4}at .*?\(?((?:file:|\/|<project>)[^()\s]*):(\d+):(\d+)\)?$/gm)]
  return frames.flatMap(([, path = '', line, column]) => {
    const file = path.replace('<project>', directory)
    const place = original(file.startsWith('file:') ? fileURLToPath(file) : file, Number(line), Number(column))
    return place && isOwn(place.file, directory)
      ? [`${relative(directory, place.file)}:${place.line}:${place.column}`]
      : []
  })
}

interface Place {
  readonly file: string
  readonly line: number
  readonly column: number
}

function original(file: string, line: number, column: number): Place | undefined {
  const map = new TraceMap(readFileSync(`${file}.map`, 'utf8'))
  const found = originalPositionFor(map, { line, column: column - 1 })
  if (found.source === null) return undefined
  return { file: pathOf(found.source, file), line: found.line, column: found.column + 1 }
}

function pathOf(source: string, bundle: string): string {
  if (source.startsWith('file:')) return fileURLToPath(source)
  return resolve(dirname(bundle), source)
}

function isOwn(file: string, directory: string): boolean {
  return file.startsWith(`${directory}/src/`)
}
