/**
 * For each element of `a` the index of its partner in `b`, or -1: a longest common subsequence, by E. W. Myers, "An O(ND)
 * difference algorithm and its variations" (1986). Fast where little differs.
 */
export function commonSubsequence(a: readonly string[], b: readonly string[]): readonly number[] {
  const traces: Int32Array[] = []
  let furthest = Int32Array.of(0, 0, 0)
  for (let d = 0; ; d++) {
    const next = new Int32Array(2 * d + 3)
    for (let k = -d; k <= d; k += 2) {
      let x = startOf(furthest, d, k)
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++
      next[k + d + 1] = x
      if (x >= a.length && x - k >= b.length) return partners(a.length, k, d, [...traces, furthest])
    }
    traces.push(furthest)
    furthest = next
  }
}

/** Where diagonal `k` begins in round `d`: behind the better of its neighbours. */
function startOf(before: Int32Array, d: number, k: number): number {
  if (d === 0) return 0
  const [down, right] = [before[k + d + 1] as number, (before[k + d - 1] as number) + 1]
  return k === -d || (k !== d && right <= down) ? down : right
}

function partners(length: number, end: number, rounds: number, traces: readonly Int32Array[]): readonly number[] {
  const found: number[] = new Array(length).fill(-1)
  let [x, k] = [length, end]
  for (let d = rounds; d >= 0; d--) {
    const before = traces[d] as Int32Array
    const start = startOf(before, d, k)
    for (; x > start; x--) found[x - 1] = x - 1 - k
    if (d === 0) break
    const down = k === -d || (k !== d && (before[k + d - 1] as number) + 1 <= (before[k + d + 1] as number))
    x = down ? start : start - 1
    k = down ? k + 1 : k - 1
  }
  return found
}
