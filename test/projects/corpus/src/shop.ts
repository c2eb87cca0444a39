import type { Item, Items } from './types.js'

export enum Size { Small = 1, Large = Small << 2 }

export namespace Discount {
  export function of(size: Size): number { return   percent(size) / 100 }
  const percent = (size: Size): number => Math.max(size, 10)
}

function tagged(tag: string) {
  return (_target: object, key: string, descriptor: PropertyDescriptor): void => {
    Object.defineProperty(descriptor.value, 'tag', { value: `${tag}:${key}` })
  }
}

export abstract class Base {
  static readonly made: string[] = []
  static { Base.note('class') }
  static note(what: string): void { Base.made.push(what) }
  constructor(protected readonly name: string) { Base.note(name) }
  abstract total(items: Items): number
}

export class Shop extends Base {
  readonly #sold: Item[] = []

  private readonly since: number = Base.made.length

  // Behind `super()`, in every compiler's output: the parameter property, and fields that are assigned.
  constructor(name: string, private readonly size: Size = Size.Large) {
    super(name.trim())
    if (this.since < 0) throw new RangeError(name)
    Base.note(`${this.name} of ${this.size}`)
  }

  @tagged('priced')
  total(items: Items): number { return items.reduce((sum, { price }) => sum + price, 0) * (1 - Discount.of(this.size)) }

  get sold(): string { return this.#sold.map(item => item.name).join() }

  sell(item: Item): this;
  sell(item: Item, times: number): this;
  sell(item: Item, times = 1): this {
    for (let i = 0; i < times; i++) this.#sold.push(this.check(item))
    return this
  }

  private check<T extends Item>(item: T): T {
    if (item.price < 0) { const why = `free ${item.name}`; throw new RangeError(why, { cause: item }) }
    return item
  }
}
