import { isMarkedAsUntransferable } from 'node:worker_threads'

/** Of less there is not much to have. */
const WORTH_IT: number = 1 << 16

/**
 * Gives back at once the memory of bytes that nobody looks at any more. Left to the collector, the bodies of a burst wait for it by the hundred:
 * that room the process keeps, since what was allocated between them is in use. What Node shares among small buffers is not ours to give.
 */
export function release({ buffer }: Uint8Array): void {
  if (!(buffer instanceof ArrayBuffer) || buffer.byteLength < WORTH_IT || isMarkedAsUntransferable(buffer)) return
  buffer.transfer(0)
}
