/** Keeps the processor busy for about ten milliseconds. */
export function loopSlow(): number {
  const end = performance.now() + 10
  let rounds = 0
  while (performance.now() < end) rounds++
  return rounds
}

export function simpleMath(n: number): number {
  return square(n) + Math.sqrt(n)
}

/** Too small to be worth a span of its own: the glob leaves it out, and `span-tree` says so. */
function square(n: number): number {
  return n * n
}
