/** What follows `unknown option 'x'`: the nearest name of `known` and `others`, else all that are known. */
export function didYouMean(key: string, known: readonly string[], others: readonly string[]): string {
  const all = [...known, ...others]
  const nearest = all.map(name => ({ name, distance: editDistance(key.toLowerCase(), name.toLowerCase()) }))
  nearest.sort((a, b) => a.distance - b.distance)
  const best = nearest[0]
  if (best && best.distance <= Math.max(2, key.length / 3)) return `: did you mean '${best.name}'?`
  return `: known are ${known.join(', ')}`
}

// Levenshtein's distance, one row at a time.
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(substitution, (row[j] as number) + 1, (next[j - 1] as number) + 1))
    }
    row = next
  }
  return row[b.length] as number
}
