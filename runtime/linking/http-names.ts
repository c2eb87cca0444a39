import type { SpanKind } from '../../model/index.ts'
import { bounded } from '../capture.ts'
import { isSecret, REDACTED, withoutSecrets } from '../secrets.ts'
import { RuntimeSite, type SiteRow } from '../site.ts'

/** Methods by the conventions; what is none of them is `_OTHER`, so that nobody's invention becomes a name. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH', 'QUERY'])
/** Characters. */
const MAX_PATH = 500
/** Names that are kept to be used again: routes, and hosts. */
const MAX_SITES = 1_000

/** What is recorded of a method. */
export function knownMethod(method: string): string {
  return METHODS.has(method) ? method : '_OTHER'
}

/** Sites of HTTP spans: they are names, and lie nowhere in the program. */
export class HttpSites {
  readonly #options: NonNullable<SiteRow[4]>
  /** By method, and what the request is for. */
  readonly #known = new Map<string, Map<string, RuntimeSite>>()
  #count = 0

  constructor(kind: SpanKind) {
    this.#options = { o: { kind } }
  }

  /** Of a name that is there once: a path. */
  once(method: string, target: string): RuntimeSite {
    const label = METHODS.has(method) ? method : 'HTTP'
    return new RuntimeSite('', undefined, [`${label} ${target}`, 'manual', 0, 0, this.#options])
  }

  /** Of a name that comes again: a route, a host. */
  of(method: string, target: string): RuntimeSite {
    const site = this.#known.get(method)?.get(target)
    return site ?? this.#add(method, target)
  }

  #add(method: string, target: string): RuntimeSite {
    const site = this.once(method, bounded(target, MAX_PATH))
    if (this.#count >= MAX_SITES) return site
    this.#count++
    let targets = this.#known.get(method)
    if (targets === undefined) this.#known.set(method, (targets = new Map()))
    targets.set(target, site)
    return site
  }
}

export interface Target {
  readonly path: string
  /** Without the question mark. */
  readonly query?: string
}

/** What a request line asks for, as it may be kept. */
export function targetOf(url: string): Target {
  const at = url.indexOf('?')
  if (at < 0) return { path: kept(url) }
  return { path: kept(url.slice(0, at)), query: kept(redactedQuery(url.slice(at + 1))) }
}

function kept(text: string): string {
  return bounded(withoutSecrets(text), MAX_PATH)
}

/** Without the values of secret parameters, and otherwise as it was written. */
function redactedQuery(query: string): string {
  return query
    .split('&')
    .map(pair => {
      const at = pair.indexOf('=')
      return at > 0 && isSecret(decoded(pair.slice(0, at))) ? `${pair.slice(0, at)}=${REDACTED}` : pair
    })
    .join('&')
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}

/** `[::1]:8080` is `[::1]` and 8080. */
export function hostAndPort(host: string): [host: string, port: number | undefined] {
  const at = host.lastIndexOf(':')
  if (at < 0 || at < host.lastIndexOf(']')) return [host, undefined]
  const port = Number(host.slice(at + 1))
  return Number.isInteger(port) ? [host.slice(0, at), port] : [host, undefined]
}
