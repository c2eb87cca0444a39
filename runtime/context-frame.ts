/** A context as Node 24 and later keep it: a Map from storages to stores, never changed once it is current. */
export interface Frame {
  readonly size: number
  get(storage: unknown): unknown
}

/**
 * What is asked here of an AsyncLocalStorage. Not Node's own type: it would reach the types of the package's entry, and a
 * program without `@types/node` must compile.
 */
interface Storage {
  run<T>(store: unknown, fn: () => T): T
  getStore(): unknown
}

/** The class of these frames, which Node does not export. */
export interface FrameClass {
  new (storage: unknown, store: unknown): Frame
  current(): Frame | undefined
  set(frame: Frame | undefined): void
}

/**
 * Finds Node's class of context frames through an AsyncResource, which holds one, and tries that it does what we need
 * of it; undefined where it is not there (Node 22, `--no-async-context-frame`) or does anything else. An interface that
 * is not public may change with any release: then this finds nothing, and only speed is lost.
 */
export function frameClass(storage: Storage, Resource: new (type: string) => object): FrameClass | undefined {
  if (process.env['SPAN_TREE_CONTEXT'] === 'public') return undefined
  try {
    const probe = {}
    const resource = storage.run(probe, () => new Resource('span-tree.probe')) as unknown as Record<symbol, unknown>
    for (const symbol of Object.getOwnPropertySymbols(resource)) {
      const frame = resource[symbol] as Frame | undefined
      if (typeof frame?.get === 'function' && frame.get(storage) === probe) {
        const Frames = frame.constructor as unknown as FrameClass
        return works(Frames, frame, storage, probe) ? Frames : undefined
      }
    }
  } catch {
    // As if it were not there.
  }
  return undefined
}

function works(Frames: FrameClass, frame: Frame, storage: Storage, probe: object): boolean {
  const before = Frames.current()
  try {
    Frames.set(frame)
    if (Frames.current() !== frame || storage.getStore() !== probe) return false
    const other = {}
    const next = new Frames(storage, other)
    if (storage.getStore() !== probe || next.get(storage) !== other || next.size !== frame.size) return false
    Frames.set(next)
    return storage.getStore() === other
  } finally {
    Frames.set(before)
  }
}
