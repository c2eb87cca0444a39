import type { Item } from './types.js'

export function* counted(limit: number): Generator<number, string, string | undefined> {
  let last: string | undefined
  try { for (let i = 0; i < limit; i++) last = yield Math.abs(i) } finally { closed.push(last ?? 'none') }
  return 'end'
}

export const closed: string[] = []

export async function* delivered(...items: Item[]): AsyncGenerator<string> {
  for await (const item of items.map(async each => each)) yield await label(item)
}

const label = async ({ name, price }: Item): Promise<string> => (await null, price > 100 ? reject(name) : `${name}!`)

function reject(name: string): never {
  outer: for (const letter of name) {
    for (;;) { if (letter === 'x') break outer; else continue outer }
  }
  throw   new TypeError(name satisfies string)
}

export const deep = { nested: { call: (value: { missing?: { call(): void } }) => value.missing!.call() } }
