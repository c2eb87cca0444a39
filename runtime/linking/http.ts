import { subscribe } from 'node:diagnostics_channel'
import { requireLazily } from './hook-file.ts'
import { link, unlinked } from './registry.ts'

type Channels = typeof import('./http-channels.ts')['channels']

/** What Node, undici and fastify publish when a request comes in or goes out. */
const CHANNELS: readonly (keyof Channels)[] = [
  'net.server.socket',
  'http.server.request.start',
  'http2.server.stream.created',
  'tracing:fastify.request.handler:start',
  'http.client.request.created',
  'http.client.response.finish',
  'http.client.request.error',
  'undici:request:create',
  'undici:client:beforeConnect',
  'undici:client:sendHeaders',
  'undici:request:headers',
  'undici:request:error',
]

/** As it is required; ES modules import it by its path. */
const UNDICI = /(?:^|[\\/])undici(?:[\\/]index\.js)?$/

let channels: Partial<Channels> | undefined

/**
 * Requests in and out make spans, and traces go on across them. What does that is loaded with the first request: a program without HTTP has
 * none of it.
 */
export function linkHttp(): void {
  link('http', () => {
    for (const name of CHANNELS) subscribe(name, message => receive(name, message))
    subscribe('tracing:module.require:end', message => {
      if (UNDICI.test((message as { id: string }).id)) receive('tracing:module.require:end', message)
    })
  })
}

/** A subscriber that throws ends the process; without us the request merely has no span. */
function receive(name: keyof Channels, message: unknown): void {
  try {
    ;(channels ??= load())[name]?.(message as never)
  } catch {}
}

/** For bundles, in which nothing can be loaded later: what is done with a message of each channel. */
export function linkHttpBy(all: Channels): void {
  channels = all
}

function load(): Partial<Channels> {
  try {
    return (requireLazily('http-channels') as typeof import('./http-channels.ts')).channels
  } catch {
    unlinked('http', "span-tree is part of a bundle: import 'span-tree/link' in it, or keep span-tree external")
    return {}
  }
}
