import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import type { RetentionLimits } from '../store/trace-store.ts'
import { Doorkeeper } from './access.ts'
import { receiverApp } from './app.ts'
import { LIMITS, type Limits } from './limits.ts'
import { Metrics } from './metrics.ts'
import { isLoopback } from './origins.ts'
import { PendingBytes } from './pending-bytes.ts'
import { StoreClient } from './store-client.ts'

export interface ReceiverOptions {
  /** Of the store; made where there is none. */
  readonly file: string
  /** 0: any that is free. */
  readonly port: number
  readonly host: string
  readonly version: string
  readonly retention?: RetentionLimits
  readonly limits?: Partial<Limits>
  readonly origins?: readonly string[]
}

export interface Receiver {
  readonly url: string
  /** Whether only this machine is listened to. */
  readonly loopback: boolean
  /** Answers what is under way, and keeps what it has taken. */
  close(): Promise<void>
}

/** Milliseconds that a request may take to arrive, and that those under way are waited for in the end. */
const REQUEST_TIMEOUT = 60_000
const HEADERS_TIMEOUT = 15_000
const CLOSE_TIMEOUT = 5_000
/** Longer than senders keep a connection that they do not use, so that it is they who end it. */
const KEEP_ALIVE = 75_000

/** Listens when it resolves. Rejects with a `StoreError`, or with what kept it from listening. */
export async function startReceiver(options: ReceiverOptions): Promise<Receiver> {
  const { file, port, host, version, retention = {}, origins = [] } = options
  const limits = { ...LIMITS, ...options.limits }
  const store = new StoreClient({ file, retention })
  await store.start()
  const loopback = isLoopback(host)
  const app = receiverApp({
    store,
    doorkeeper: new Doorkeeper(store, loopback),
    limits,
    pending: new PendingBytes(limits.maxPending),
    metrics: new Metrics(),
    version,
    origins,
  })
  const serverOptions = {
    requestTimeout: REQUEST_TIMEOUT,
    headersTimeout: HEADERS_TIMEOUT,
    keepAliveTimeout: KEEP_ALIVE,
  }
  const server = createAdaptorServer({ fetch: app.fetch, overrideGlobalObjects: false, serverOptions }) as Server
  try {
    await listen(server, port, host)
  } catch (error) {
    await store.close()
    throw error
  }
  const { address, family, port: given } = server.address() as AddressInfo
  const url = `http://${family === 'IPv6' ? `[${address}]` : address}:${given}`
  return { url, loopback, close: () => stop(server, store) }
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve())
  })
}

async function stop(server: Server, store: StoreClient): Promise<void> {
  const timer = setTimeout(() => server.closeAllConnections(), CLOSE_TIMEOUT)
  await new Promise(resolve => {
    server.close(resolve)
    server.closeIdleConnections()
  })
  clearTimeout(timer)
  await store.close()
}
