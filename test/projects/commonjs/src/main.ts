import { isEven, limit } from './even'
import { early } from './odd'
import './plain'

async function main(): Promise<void> {
  const { fromModule } = await import('./esm.mjs')
  console.log(isEven(4), limit, early, fromModule())
}

main()
