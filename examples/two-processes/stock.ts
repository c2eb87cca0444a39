/** The second process: reserves articles over HTTP, until its standard input ends; how many are left its thread knows. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Worker } from 'node:worker_threads'
import { getLogger } from 'span-tree'

const logger = getLogger('stock')
const shelf = new Worker(new URL('shelf.ts', import.meta.url))

async function reserveArticle(article: string): Promise<boolean> {
  shelf.postMessage(article)
  const [left] = (await once(shelf, 'message')) as [number]
  if (left < 0) logger.warning('sold out', { article })
  return left >= 0
}

const server = createServer(async (request, response) => {
  const article = request.url?.split('/').at(-1) ?? ''
  response.writeHead((await reserveArticle(article)) ? 200 : 409).end()
})
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
process.stdin.resume().once('end', async () => {
  server.close()
  await shelf.terminate()
})
