import { span } from 'span-tree'

function shout(method: (this: Shop, what: string) => string, _: ClassMethodDecoratorContext<Shop>) {
  return function (this: Shop, what: string): string {
    return method.call(this, what).toUpperCase()
  }
}

class Shop {
  #stock = new Map<string, number>()

  @span
  static open(): Shop {
    return new Shop()
  }

  @shout
  @span('Shop.announce')
  announce(what: string): string {
    return `${this.#count(what)} ${what}`
  }

  @span accessor owner = 'nobody'

  @span
  #count(what: string): number {
    return this.#stock.get(what) ?? this.total
  }

  @span
  get total(): number {
    return this.#stock.size
  }

  @span
  later = async (): Promise<string> => {
    await null
    return this.owner
  }
}

const shop = Shop.open()
console.log(shop.announce('apples'), await shop.later())
