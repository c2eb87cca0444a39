import { pad } from 'padder'
import { act } from './actions'
import { Button } from './button'
import { legacy } from './legacy.cjs'
import { Shop } from './shop'

declare const process: { readonly env: Record<string, string | undefined> }
declare const console: { log(...values: unknown[]): void }

async function main(): Promise<void> {
  const shop = new Shop(['pear', 'fig'])
  const { late } = await import('./late')
  const total = await shop.checkout()
  console.log(pad(String(total)), Button('buy'), legacy(2), await act('save'), late(3), [...shop.names()].join())
  if (process.env['FAIL']) await shop.fail(process.env['FAIL'])
}

main().catch((error: Error) => {
  console.log(error.stack)
})
