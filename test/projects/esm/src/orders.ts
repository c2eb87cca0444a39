import { charge } from './payments.js'
import type { Order } from './types.js'

/** Keeps the shop's orders. */
export class OrderService {
  readonly #done: number[] = []

  constructor(readonly shop: string) {
    this.#remember(0)
  }

  // Awaits in places where positions are easily lost.
  async checkout(order: Order): Promise<number> {
    const prices = await Promise.all(order.items.map(async item => priceOf(item)))
    const total = prices.reduce((a, b) => a + b, 0)
    this.#remember(await charge(order.id, total))
    return total
  }

  #remember(id: number): void {
    this.#done.push(id)
  }
}

const priceOf = (item: string): number => (item === 'free' ? 0 : Number.parseInt(item, 10))

export function* counted(limit: number): Generator<number, string> {
  for (let i = 0; i < limit; i++) yield Math.abs(i)
  return 'end'
}
