export interface Order {
  readonly id: number
  readonly items: readonly string[]
}

export class OrderService {
  async checkout(order: Order): Promise<number> {
    await this.reserve(order)
    return this.#charge(order.items.length)
  }

  async reserve({ items }: Order): Promise<void> {
    if (items.includes('none')) throw new RangeError('nothing to reserve')
    await Promise.resolve()
  }

  #charge(count: number): number {
    return Math.max(count, 1)
  }
}
