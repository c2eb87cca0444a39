import { getLogger } from 'span-tree'
import { loopSlow, simpleMath } from './compute.js'
import { createDocument, Format } from './documents.js'
import { startServer } from './server.js'
import { checkout, Declined, priceOr, urlGet } from './shop.js'

const logger = getLogger('test-trace')

async function testTrace(url: string): Promise<void> {
  loopSlow()
  logger.info('sum', { value: simpleMath(16) })
  const tea = await urlGet(url, 'tea')
  const scone = await priceOr(url, 'scone', 300)
  logger.info('prices', { tea: tea.cents, scone: scone.cents })
  const document = createDocument(40)
  for (const format of Format.all) format.roundTrip(document)
}

const { url, server } = await startServer()
try {
  await testTrace(url)
  await checkout(url, ['tea', 'cake'], { holder: 'Ada', token: 'tok_live_4242' })
} catch (error) {
  if (!(error instanceof Declined)) throw error
  console.log(`as it should, the second trace failed: ${error.message}`)
} finally {
  server.close()
}
