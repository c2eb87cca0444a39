/** A context as Node 24 and later keep it: what each storage holds, never changed once it is current. In Node, a Map. */
export interface Frame {
  has(storage: unknown): boolean
  get(storage: unknown): unknown
  /** Takes a storage out, in place: `AsyncLocalStorage.disable`. */
  disable(storage: unknown): void
  [Symbol.iterator](): Iterator<readonly [storage: unknown, store: unknown]>
}

/**
 * What is asked here of an AsyncLocalStorage. Not Node's own type: it would reach the types of the package's entry, and a
 * program without `@types/node` must compile.
 */
interface Storage {
  run<T>(store: unknown, fn: () => T): T
  getStore(): unknown
  disable(): void
}

/** Of the class of Node's frames, which it does not export. */
export interface Frames {
  current(): Frame | undefined
  set(frame: Frame | undefined): void
}

/**
 * A frame in which one storage holds `store`, and the others hold what `rest` says: nothing is copied, where Node's own copies a Map. Node
 * asks it by `has` and `get`, and goes through it where a program puts something into another storage.
 */
export class LayeredFrame<T> implements Frame {
  readonly #storage: object
  readonly store: T
  readonly rest: Frame | undefined

  constructor(storage: object, store: T, rest: Frame | undefined) {
    this.#storage = storage
    this.store = store
    this.rest = rest
  }

  has(storage: unknown): boolean {
    return storage === this.#storage || (this.rest?.has(storage) ?? false)
  }

  get(storage: unknown): unknown {
    return storage === this.#storage ? this.store : this.rest?.get(storage)
  }

  disable(storage: unknown): void {
    this.rest?.disable(storage)
  }

  /** What all other storages hold. Another runtime's layer over one of this storage is laid over what is below that: they do not grow. */
  without(storage: object): Frame | undefined {
    if (storage === this.#storage) return this.rest
    const rest = frameWithout(this.rest, storage)
    return rest === this.rest ? this : new LayeredFrame(this.#storage, this.store, rest)
  }

  [Symbol.iterator](): Iterator<readonly [unknown, unknown]> {
    const rest = this.rest?.[Symbol.iterator]()
    let own = false
    const next = (): IteratorResult<readonly [unknown, unknown]> => {
      if (!own) {
        own = true
        return { done: false, value: [this.#storage, this.store] }
      }
      for (;;) {
        const step = rest?.next() ?? DONE
        if (step.done || step.value[0] !== this.#storage) return step
      }
    }
    return { next }
  }
}

/** Also of layers that another copy of this module has made. */
export function frameWithout(frame: Frame | undefined, storage: object): Frame | undefined {
  return frame !== undefined && 'without' in frame ? (frame as LayeredFrame<unknown>).without(storage) : frame
}

const DONE: IteratorResult<never> = { done: true, value: undefined }

/** What Node's class of frames adds to Map's: with any more of it, it may ask of a frame what ours does not have. */
const KNOWN = 'constructor,disable'

/**
 * Finds Node's class of context frames through an AsyncResource, which holds one, and tries that frames of ours do in its place
 * what is needed of them; undefined where it is not there (Node 22, `--no-async-context-frame`) or does anything else. An interface that
 * is not public may change with any release: then this finds nothing, and only speed is lost. `other`: any other storage.
 */
export function contextFrames(
  storage: Storage,
  other: Storage,
  Resource: new (type: string) => object,
): Frames | undefined {
  if (process.env['SPAN_TREE_CONTEXT'] === 'public') return undefined
  try {
    const probe = {}
    const resource = storage.run(probe, () => new Resource('span-tree.probe')) as unknown as Record<symbol, unknown>
    for (const symbol of Object.getOwnPropertySymbols(resource)) {
      const frame = resource[symbol] as Frame | undefined
      if (typeof frame?.get === 'function' && frame.get(storage) === probe) {
        const frames = frame.constructor as unknown as Frames
        const known =
          Object.getOwnPropertyNames((frames as { prototype?: object }).prototype)
            .sort()
            .join() === KNOWN
        return known && works(frames, storage, other) ? frames : undefined
      }
    }
  } catch {
    // As if it were not there.
  }
  return undefined
}

function works(frames: Frames, storage: Storage, other: Storage): boolean {
  const before = frames.current()
  const mine = {}
  const theirs = {}
  try {
    const rest = other.run(theirs, () => frames.current())
    frames.set(new LayeredFrame(storage, mine, rest))
    if (storage.getStore() !== mine || other.getStore() !== theirs) return false
    const inside = other.run({}, () => storage.getStore() === mine && other.getStore() !== theirs)
    if (!inside || storage.getStore() !== mine || other.getStore() !== theirs) return false
    other.disable()
    return other.getStore() === undefined && storage.getStore() === mine
  } finally {
    frames.set(before)
  }
}
