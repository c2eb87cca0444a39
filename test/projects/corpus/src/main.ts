import { framesOf } from './frames.js'
import { Base, Shop, Size } from './shop.js'
import { closed, counted, deep, delivered } from './streams.js'
import type { Items } from './types.js'

const items: Items = [{ name: 'tea', price: 3 }, { name: 'cake', price: 5 }]

async function main(): Promise<void> {
  const shop = new Shop(' corner ', Size.Small)
  console.log(shop.total(items), shop.sell(items[0]!).sell(items[1]!, 2).sold, Base.made.join('|'))
  console.log((Shop.prototype.total as { tag?: string }).tag, Size[4])
  const numbers = counted(3)
  console.log([numbers.next().value, numbers.next('b').value, numbers.return('early').value, ...counted(2)].join(), closed.join())
  for await (const text of delivered(...items)) console.log(text)
  await attempt(() => shop.sell({ name: 'gift', price: -1 }))
  await attempt(async () => { for await (const _ of delivered(items[0]!, { name: 'gold', price: 101 })); })
  await attempt(() => deep.nested.call({}))
  await attempt(() => [1, 2].map(n => (n > 1 ? JSON.parse(`{${n}`) : n)))
}

async function attempt(run: () => unknown): Promise<void> {
  try { await run(); console.log('fine') } catch (error) { console.log((error as Error).name, framesOf(error)) }
}

void main()
