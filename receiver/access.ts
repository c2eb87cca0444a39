import type { ApiKey } from '../store/trace-store.ts'
import { Refusal } from './refusal.ts'

/** Whoever comes without a key reads and writes this one, as long as there is no key at all and only this machine is listened to. */
export const DEFAULT_NAMESPACE = 'default'
/** Keys of this name open all namespaces, and are no namespace of their own. */
export const ADMIN = '*'

export interface Visitor {
  readonly namespace: string
  readonly admin: boolean
}

/** What is asked of a store to tell who comes. */
export interface KeyLookup {
  namespaceOfKey(key: string): Promise<string | undefined>
  keys(): Promise<readonly ApiKey[]>
}

/** Milliseconds that a key which was good is taken for good: as long as a revoked one may still be used. */
const REMEMBERED = 1_000
const MAX_REMEMBERED = 1_000

function closedTo(authorization: string | undefined): string {
  return authorization === undefined
    ? `without a key only the namespace ${DEFAULT_NAMESPACE} is open`
    : 'the key does not open this namespace'
}

/** Tells who comes by the key in `authorization`. */
export class Doorkeeper {
  readonly #lookup: KeyLookup
  readonly #loopback: boolean
  readonly #now: () => number
  readonly #known = new Map<string, { readonly namespace: string; readonly until: number }>()
  #open = { isOpen: false, until: 0 }

  constructor(lookup: KeyLookup, loopback: boolean, now: () => number = () => performance.now()) {
    this.#lookup = lookup
    this.#loopback = loopback
    this.#now = now
  }

  /** Throws a `Refusal` for those who may not come in. `wanted`: a namespace that was asked for by name. */
  async admit(authorization: string | undefined, wanted?: string): Promise<Visitor> {
    const visitor = authorization === undefined ? await this.#withoutKey() : await this.#withKey(authorization)
    if (wanted === undefined || wanted === visitor.namespace) return visitor
    if (!visitor.admin) throw new Refusal(403, closedTo(authorization))
    if (wanted === ADMIN) throw new Refusal(400, `${ADMIN} is no namespace`)
    return { ...visitor, namespace: wanted }
  }

  async #withoutKey(): Promise<Visitor> {
    if (!(await this.#isOpen())) throw unauthorized('an API key is needed: authorization: Bearer st_…')
    return { namespace: DEFAULT_NAMESPACE, admin: false }
  }

  async #withKey(authorization: string): Promise<Visitor> {
    const [, key] = /^Bearer +(\S+)$/i.exec(authorization.trim()) ?? []
    if (key === undefined) throw unauthorized('the header is no key: authorization: Bearer st_…')
    const namespace = this.#remembered(key) ?? (await this.#lookup.namespaceOfKey(key))
    if (namespace === undefined) throw unauthorized('the API key is unknown, or revoked')
    this.#remember(key, namespace)
    return namespace === ADMIN ? { namespace: DEFAULT_NAMESPACE, admin: true } : { namespace, admin: false }
  }

  /** Keys that were revoked count: whoever had some did not mean to open the door. */
  async #isOpen(): Promise<boolean> {
    if (!this.#loopback) return false
    const now = this.#now()
    if (now >= this.#open.until) {
      const keys = await this.#lookup.keys()
      this.#open = { isOpen: keys.length === 0, until: now + REMEMBERED }
    }
    return this.#open.isOpen
  }

  #remembered(key: string): string | undefined {
    const known = this.#known.get(key)
    return known !== undefined && this.#now() < known.until ? known.namespace : undefined
  }

  #remember(key: string, namespace: string): void {
    const until = this.#known.get(key)?.until ?? 0
    if (this.#now() < until) return
    if (this.#known.size >= MAX_REMEMBERED) this.#known.clear()
    this.#known.set(key, { namespace, until: this.#now() + REMEMBERED })
  }
}

function unauthorized(message: string): Refusal {
  return new Refusal(401, message, { headers: { 'www-authenticate': 'Bearer' } })
}
