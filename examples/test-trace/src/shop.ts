import { getLogger } from 'span-tree'

const logger = getLogger('shop')

export interface Price {
  readonly item: string
  readonly cents: number
}

export interface Card {
  readonly holder: string
  readonly token: string
}

class NotFound extends Error {
  override name = 'NotFound'
}

export class Declined extends Error {
  override name = 'Declined'
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

/** Does not survive a declined card: the error leaves the root, with the arguments that led to it. */
export async function checkout(url: string, items: readonly string[], card: Card): Promise<void> {
  charge(await total(url, items), card)
}

async function total(url: string, items: readonly string[]): Promise<number> {
  using lookup = logger.start('look up prices', { attributes: { items } })
  const prices = await Promise.all(items.map(async item => urlGet(url, item)))
  const cents = prices.reduce((sum, price) => sum + price.cents, 0)
  lookup.extra({ cents })
  return cents
}

function charge(cents: number, card: Card): void {
  logger.info('charging', { cents, holder: card.holder })
  throw new Declined(`${card.holder}'s card takes no ${cents} cents`)
}
