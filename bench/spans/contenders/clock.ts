/** Nothing but the two readings of the clock that a span cannot do without. */
const now = performance.now.bind(performance)
const RESOLVED = Promise.resolve(1)
let elapsed = 0

function leaf(n: number): number {
  const start = now()
  const result = (n * 31) ^ (n >> 3)
  elapsed += now() - start
  return result
}

export function leaves(): number {
  let sum = 0
  for (let i = 0; i < 100; i++) sum += leaf(i)
  return sum
}

export function outer(n: number): number {
  const start = now()
  const result = middle(n + 1) + 1
  elapsed += now() - start
  return result
}

function middle(n: number): number {
  const start = now()
  const result = inner(n + 1) + 1
  elapsed += now() - start
  return result
}

function inner(n: number): number {
  const start = now()
  const result = n * 7
  elapsed += now() - start
  return result
}

async function step(n: number): Promise<number> {
  const start = now()
  const result = n + (await RESOLVED)
  elapsed += now() - start
  return result
}

export async function steps(): Promise<number> {
  let sum = 0
  for (let i = 0; i < 20; i++) sum += await step(i)
  return sum
}

/** Keeps the readings from being optimised away. */
export function total(): number {
  return elapsed
}
