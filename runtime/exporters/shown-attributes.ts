import type { Attributes } from '../../model/index.ts'

/** Of a request: what its name says already, and what hardly ever differs between two of them. A line has room for the rest. */
const KNOWN_OF_REQUESTS: ReadonlySet<string> = new Set([
  'client.address',
  'http.request.method',
  'http.route',
  'network.peer.address',
  'network.peer.port',
  'network.protocol.name',
  'network.protocol.version',
  'server.address',
  'server.port',
  'url.path',
  'url.scheme',
  'user_agent.original',
])

/** The attributes that a person is shown on a span's line. */
export function shownAttributes(attributes: Attributes): Attributes {
  if (attributes['http.request.method'] === undefined) return attributes
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => !KNOWN_OF_REQUESTS.has(name)))
}
