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

/** Calls nothing and has no loop: not worth a span, so a glob passes it over. `@span` would select it all the same. */
function square(n: number): number {
  return n * n
}
