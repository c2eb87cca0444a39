import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping'

export interface Position {
  /** 1-based. */
  readonly line: number
  /** 0-based, as source maps count. */
  readonly column: number
}

/** Where `text` begins, each time that it occurs. */
export function positionsOf(code: string, text: string): readonly Position[] {
  const found: Position[] = []
  for (const [index, line] of code.split('\n').entries()) {
    for (let at = line.indexOf(text); at >= 0; at = line.indexOf(text, at + 1))
      found.push({ line: index + 1, column: at })
  }
  return found
}

/** Where, in the source, the pieces of `text` in the emitted code come from. */
export function originalsOf(code: string, map: string, text: string): readonly Position[] {
  const trace = new TraceMap(map)
  return positionsOf(code, text).map(position => {
    const { line, column } = originalPositionFor(trace, position)
    return { line: line ?? 0, column: column ?? 0 }
  })
}
