const MILLISECONDS: Readonly<Record<string, number>> = { us: 1e-3, µs: 1e-3, μs: 1e-3, ms: 1, s: 1e3, m: 6e4, min: 6e4 }

/** Milliseconds of `5`, `5ms`, `1.5s`, `200us`, `2min`; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  const [, number, unit = 'ms'] = /^(\d+(?:\.\d+)?|\.\d+)\s*(\p{L}+)?$/u.exec(text.trim()) ?? []
  const factor = MILLISECONDS[unit]
  return number === undefined || factor === undefined ? undefined : Number(number) * factor
}
