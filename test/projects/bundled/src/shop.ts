import { failAsync } from './failures'

const registered: string[] = []

function registering(_: object, name: string): void {
  registered.push(name)
}

enum Currency {
  Euro = 'EUR',
}

interface Priced {
  readonly price: number
}

export class Shop {
  #sold = 0

  constructor(private readonly goods: readonly string[]) {}

  @registering
  async checkout(): Promise<string> {
    let sum = 0
    for await (const { price } of this.priced()) sum += price
    this.#sold += sum
    return `${Currency.Euro} ${sum} ${registered.join()}`
  }

  async *priced(): AsyncGenerator<Priced> {
    for (const name of this.goods) {
      await null
      yield { price: this.price(name) }
    }
  }

  *names(): Generator<string> {
    for (const name of this.goods) yield name.toUpperCase()
  }

  price(name: string): number {
    const known: Record<string, () => number> = { pear: () => Math.round(3.2) }
    return known[name]?.() ?? Math.abs(-2)
  }

  async fail(how: string): Promise<void> {
    await null
    try {
      await failAsync(how as 'throw', { sold: this.#sold })
    } finally {
      this.#sold = Math.max(0, this.#sold)
    }
  }
}
