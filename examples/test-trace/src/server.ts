import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

const CENTS: Readonly<Record<string, number>> = { tea: 350, cake: 420 }

/**
 * A shop's price list behind HTTP, on a free port of this machine. It plays the other side, so tsconfig.json leaves it
 * out of the traces.
 */
export async function startServer(): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    const cents = CENTS[request.url?.slice(1) ?? '']
    response.writeHead(cents === undefined ? 404 : 200, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ cents }))
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server }
}
