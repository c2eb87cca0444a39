/** 1-based line and column, in UTF-16 units. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** Returns a function that finds the position of an offset; lines end where ECMAScript (so V8, so TypeScript) ends them. */
export function positionsIn(code: string): (offset: number) => Position {
  let starts: number[] | undefined
  return offset => {
    starts ??= lineStarts(code)
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((starts[middle] as number) <= offset) low = middle
      else high = middle - 1
    }
    return { line: low + 1, column: offset - (starts[low] as number) + 1 }
  }
}

function lineStarts(code: string): number[] {
  const starts = [0]
  if (!code.includes('\r') && !code.includes('\u2028') && !code.includes('\u2029')) {
    for (let at = code.indexOf('\n'); at !== -1; at = code.indexOf('\n', at + 1)) starts.push(at + 1)
    return starts
  }
  for (let i = 0; i < code.length; i++) {
    const unit = code.charCodeAt(i)
    if (unit === 10 || (unit === 13 && code.charCodeAt(i + 1) !== 10) || unit === 0x2028 || unit === 0x2029) {
      starts.push(i + 1)
    }
  }
  return starts
}
