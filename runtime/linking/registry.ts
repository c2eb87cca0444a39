/** Whether spans find their way across: into threads, processes and pools. */
export interface LinkState {
  /** A package, or a part of Node. */
  readonly name: string
  readonly state: 'linked' | 'not loaded' | 'unlinked'
  /** Why it is unlinked. */
  readonly reason?: string
}

const KEY = Symbol.for('span-tree.links.1')

const holder = globalThis as { [KEY]?: Map<string, LinkState> }

/** One a process, however many copies of the runtime are loaded: what one has patched the others leave alone. */
const states: Map<string, LinkState> = (holder[KEY] ??= new Map())

/** Everything that span-tree knows how to link, or has met and could not link. */
export function links(): readonly LinkState[] {
  return [...states.values()]
}

/**
 * Links something, once a process. A link that fails leaves the program as it was: spans over there are then traces of their own, and
 * `links` says why.
 */
export function link(name: string, patch: () => void): void {
  if (states.get(name)?.state === 'linked') return
  try {
    patch()
    states.set(name, { name, state: 'linked' })
  } catch (error) {
    unlinked(name, String(error))
  }
}

export function unlinked(name: string, reason: string): void {
  states.set(name, { name, state: 'unlinked', reason })
}
