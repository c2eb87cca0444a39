enum Factor {
  Two = 2,
}

export async function total(items: readonly string[]): Promise<number> {
  await Promise.resolve()
  return items.map(price).reduce((a, b) => a + b, 0)
}

function price(item: string): number {
  if (item === '') throw new RangeError('no item')
  return Math.abs(item.length) * Factor.Two
}
