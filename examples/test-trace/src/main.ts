import { getLogger } from 'span-tree'
import { loopSlow, simpleMath } from './compute.js'
import { Documents } from './documents.js'
import { checkout, NotFound, priceOr, startServer, urlGet } from './shop.js'

const logger = getLogger('test-trace')

async function testTrace(url: string): Promise<void> {
  loopSlow()
  logger.info('sum', { value: simpleMath(16) })
  const tea = await urlGet(url, 'tea')
  const scone = await priceOr(url, 'scone', 300)
  logger.info('prices', { tea: tea.cents, scone: scone.cents })
  const documents = new Documents(40)
  documents.yaml()
  documents.toml()
  documents.json()
}

const { url, server } = await startServer()
try {
  await testTrace(url)
  await checkout(url, ['tea', 'pie'], { number: '4111 1111 1111 1111', token: 'tok_live_1' })
} catch (error) {
  if (!(error instanceof NotFound)) throw error
  console.log(`as expected, the second trace failed: ${error.message}`)
} finally {
  server.close()
}
