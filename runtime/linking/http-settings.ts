import { wildcard } from '../sampling.ts'
import { shared } from '../shared.ts'

/** What becomes of HTTP requests, in and out. */
export interface HttpSettings {
  /** `false`: requests that come in make no span. */
  readonly server?: boolean
  /** `false`: requests that go out make no span and carry no headers of ours. */
  readonly client?: boolean
  /**
   * Requests of which nothing is recorded, nor of what runs in them: paths that come in (`/health`, `/assets/*`) and addresses that go
   * out (`https://telemetry.example.com/*`), without their query; `*` stands for anything.
   */
  readonly ignore?: readonly string[]
  /**
   * Origins that get `traceparent` and `tracestate`: `https://api.example.com`, `http://*.internal:8080`. All unless told; the headers are
   * ids, the time at which the trace began, and the `tracestate` that came in. `[]`: nobody.
   */
  readonly propagateTo?: readonly string[]
}

/** As they are asked for on each request. */
export interface HttpRules {
  readonly server: boolean
  readonly client: boolean
  ignores(address: string): boolean
  propagatesTo(origin: string): boolean
}

const NEVER = (): boolean => false
const ALWAYS = (): boolean => true
const DEFAULT: HttpRules = { server: true, client: true, ignores: NEVER, propagatesTo: ALWAYS }
const KEYS: readonly string[] = ['server', 'client', 'ignore', 'propagateTo']

export function httpRules(): HttpRules {
  return shared.http ?? DEFAULT
}

/** Throws a `TypeError` for an unknown key or value. */
export function setHttp(settings: HttpSettings): void {
  for (const key of Object.keys(settings)) {
    if (!KEYS.includes(key))
      throw new TypeError(`span-tree: unknown setting 'http.${key}'; there are ${KEYS.join(', ')}`)
  }
  const { server = true, client = true, ignore, propagateTo } = settings
  shared.http = {
    server,
    client,
    ignores: ignore === undefined ? NEVER : matcher(ignore, 'ignore'),
    propagatesTo: propagateTo === undefined ? ALWAYS : matcher(propagateTo, 'propagateTo'),
  }
}

function matcher(patterns: readonly string[], key: string): (text: string) => boolean {
  if (!Array.isArray(patterns) || !patterns.every(each => typeof each === 'string'))
    throw new TypeError(`span-tree: http.${key} takes a list of patterns`)
  const expressions = patterns.map(wildcard)
  return text => expressions.some(each => each.test(text))
}
