/** The program whose calls are measured: every contender runs these functions, each with its own way of tracing. */
const RESOLVED = Promise.resolve(1)

export function leaf(n: number): number {
  return (n * 31) ^ (n >> 3)
}

/** One root over 100 leaves. */
export function leaves(): number {
  let sum = 0
  for (let i = 0; i < 100; i++) sum += leaf(i)
  return sum
}

export function outer(n: number): number {
  return middle(n + 1) + 1
}

export function middle(n: number): number {
  return inner(n + 1) + 1
}

export function inner(n: number): number {
  return n * 7
}

export async function step(n: number): Promise<number> {
  return n + (await RESOLVED)
}

/** One root over 20 async calls, each of which awaits one resolved promise. */
export async function steps(): Promise<number> {
  let sum = 0
  for (let i = 0; i < 20; i++) sum += await step(i)
  return sum
}
