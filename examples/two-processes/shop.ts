/** The first process: checks out three orders, one after the other; prices come from a thread, reservations from the other process. */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { getLogger } from 'span-tree'

const logger = getLogger('shop')
const [, , stock = ''] = process.argv

class OutOfStock extends Error {
  override name = 'OutOfStock'
}

async function checkout(order: string, articles: readonly string[]): Promise<void> {
  const cents = await priceOf(articles)
  for (const article of articles) await reserve(order, article)
  logger.info('checked out', { order, cents })
}

async function priceOf(articles: readonly string[]): Promise<number> {
  prices.postMessage(articles)
  const [cents] = (await once(prices, 'message')) as [number]
  return cents
}

async function reserve(order: string, article: string): Promise<void> {
  const response = await fetch(`${stock}/reservations/${article}`, { method: 'POST' })
  if (response.status !== 200) throw new OutOfStock(`no ${article} left for order ${order}`)
}

const prices = new Worker(new URL('prices.ts', import.meta.url))
const orders = { 'A-1': ['tea', 'scone'], 'A-2': ['tea'], 'A-3': ['tea', 'cake'] }
for (const [order, articles] of Object.entries(orders)) await checkout(order, articles).catch(told)
await prices.terminate()

function told(error: unknown): void {
  if (!(error instanceof OutOfStock)) throw error
  console.log(`as it should, one checkout failed: ${error.message}`)
}
