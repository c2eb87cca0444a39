import { type MessagePort, threadId } from 'node:worker_threads'
import type { SpanContext } from '../../model/index.ts'

/** What a worker gets from the thread that made it, as environment data. */
export interface ThreadLink {
  /** Takes the worker's trees to the thread that made it. */
  readonly port: MessagePort
  /** Where the worker shows what runs in it (`running-board.ts`). */
  readonly board: SharedArrayBuffer
  /** The span that made the worker; none where a library did, whose workers serve everybody. */
  context: SpanContext | undefined
  /** What the program shall see as `process.execArgv`. */
  readonly execArgv: readonly string[]
  /** Tracing is off in the thread that made it. */
  readonly off: boolean
}

/** As environment data, and as a property of `globalThis` in the worker (`worker-hook.ts`). */
export const LINK = 'span-tree.link'

/** Tells this thread from all that it talks to. */
export const thisThread: string = `${process.pid}:${threadId}`
