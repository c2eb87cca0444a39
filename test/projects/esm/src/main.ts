import { counted, OrderService } from './orders.js'

const service = new OrderService('corner')
console.log(await service.checkout({ id: 7, items: ['30', 'free', '12'] }))
console.log([...counted(3)].join())
for (const [id, item] of [[8, '101'], [Number.NaN, '1']] as const) {
  try {
    await service.checkout({ id, items: [item] })
  } catch (error) {
    console.log((error as Error).stack)
  }
}
