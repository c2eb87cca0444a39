import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getLogger } from 'span-tree'

const logger = getLogger('shop')

export interface Price {
  readonly item: string
  readonly cents: number
}

export class NotFound extends Error {
  override name = 'NotFound'
}

const PRICES: Readonly<Record<string, number>> = { tea: 350, cake: 420 }

/** A server that knows a few prices, on a free port of this machine. */
export async function startServer(): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    const cents = PRICES[request.url?.slice(1) ?? '']
    response.writeHead(cents === undefined ? 404 : 200, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ cents }))
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server }
}

export async function urlGet(url: string, item: string): Promise<Price> {
  const response = await fetch(`${url}/${item}`)
  logger.debug('answered', { item, status: response.status })
  if (response.status === 404) throw new NotFound(`no price for ${item}`)
  const { cents } = (await response.json()) as { cents: number }
  return { item, cents }
}

/** Survives a price that is missing: the error is handled here, and the tree says so. */
export async function priceOr(url: string, item: string, fallback: number): Promise<Price> {
  try {
    return await urlGet(url, item)
  } catch {
    logger.warning('using the fallback', { item, fallback })
    return { item, cents: fallback }
  }
}

/** Does not survive it: the error leaves the root, with the arguments that led to it. */
export async function checkout(url: string, items: string[], card: { number: string; token: string }): Promise<number> {
  using step = logger.start('prices', { attributes: { count: items.length } })
  const prices = await Promise.all(items.map(item => urlGet(url, item)))
  step.extra({ found: prices.length })
  return charge(
    prices.reduce((sum, { cents }) => sum + cents, 0),
    card,
  )
}

function charge(cents: number, card: { number: string; token: string }): number {
  logger.info('charged', { cents, card })
  return cents
}
