import { writeSync } from 'node:fs'
import type { Writable } from 'node:stream'

/** Bytes that may wait for a slow reader, and milliseconds that the end of the process may be held up for it. */
const MAX_PENDING = 64 * 1024 * 1024
const MAX_SYNC_WAIT = 2000

/** Milliseconds between attempts while a reader does not keep up. */
const RETRY = 5

/**
 * Writes text to a stream without ever harming the program: what a broken pipe, a full disk or a slow reader
 * refuses is dropped, as whole blocks, and counted.
 */
export interface Output {
  /** One block, in as many chunks as it was made of. Never throws. `written`: called with chunks that are not read any more, where that can be known. */
  write(chunks: readonly (string | Buffer)[], written?: (chunk: Buffer) => void): void
  /** Resolves when everything is written, at the latest after `deadline` milliseconds. */
  flush(deadline: number): Promise<void>
  flushSync(): void
  /** Blocks that were not written. */
  readonly dropped: number
}

/** The process's own streams are written by descriptor: then an error is ours to catch, and an exit loses nothing. */
export function outputTo(stream: Writable): Output {
  const fd = descriptorOf(stream)
  if (fd === undefined) return new StreamOutput(stream)
  return new DescriptorOutput(fd, { isTaken: () => stream.writableLength > 0 })
}

function descriptorOf(stream: Writable): number | undefined {
  const own = stream === process.stdout ? 1 : stream === process.stderr ? 2 : undefined
  // A console of Windows takes its text through the stream only; a replaced `write` wants to see what is written.
  const indirect = (process.platform === 'win32' && 'isTTY' in stream && stream.isTTY) || Object.hasOwn(stream, 'write')
  return own === undefined || indirect || !('fd' in stream) ? undefined : own
}

interface DescriptorOptions {
  /** In place of `fs.writeSync`. */
  readonly write?: typeof writeSync
  /** Whether the program's own text is on its way there: ours would stand in the middle of it. */
  readonly isTaken?: () => boolean
}

interface Pending {
  /** What is left of it. */
  chunk: Buffer
  readonly written: ((chunk: Buffer) => void) | undefined
}

/** Writes with `fs.writeSync`; what a non-blocking descriptor does not take at once waits. */
export class DescriptorOutput implements Output {
  dropped = 0
  readonly #fd: number
  readonly #write: typeof writeSync
  readonly #isTaken: () => boolean
  readonly #pending: Pending[] = []
  #pendingBytes = 0
  #broken = false
  #timer: NodeJS.Timeout | undefined

  constructor(fd: number, { write = writeSync, isTaken = () => false }: DescriptorOptions = {}) {
    this.#fd = fd
    this.#write = write
    this.#isTaken = isTaken
  }

  write(chunks: readonly (string | Buffer)[], written?: (chunk: Buffer) => void): void {
    if (this.#broken || this.#pendingBytes > MAX_PENDING) {
      this.dropped++
      return
    }
    for (const chunk of chunks) this.#push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk, written)
    this.#drainIfFree()
    if (this.#pending.length > 0) this.#retryLater()
  }

  async flush(deadline: number): Promise<void> {
    const end = performance.now() + deadline
    for (this.#drainIfFree(); this.#pending.length > 0 && performance.now() < end; this.#drainIfFree()) {
      await new Promise(resolve => setTimeout(resolve, RETRY))
    }
  }

  /** Whatever of the program's is on its way will not arrive: nothing but this runs any more. */
  flushSync(): void {
    const end = performance.now() + MAX_SYNC_WAIT
    for (this.#drain(); this.#pending.length > 0 && performance.now() < end; this.#drain()) sleepSync(RETRY)
  }

  #push(chunk: Buffer, written: Pending['written']): void {
    this.#pending.push({ chunk, written })
    this.#pendingBytes += chunk.length
  }

  #drainIfFree(): void {
    if (!this.#isTaken()) this.#drain()
  }

  /** As much as the descriptor takes now. */
  #drain(): void {
    try {
      for (let next = this.#pending[0]; next; next = this.#pending[0]) {
        const { chunk } = next
        const count = this.#write(this.#fd, chunk)
        this.#pendingBytes -= count
        if (count < chunk.length) next.chunk = chunk.subarray(count)
        else this.#pending.shift()?.written?.(chunk)
      }
    } catch (error) {
      if (!isBusy(error)) this.#break()
    }
  }

  #break(): void {
    this.#broken = true
    this.dropped++
    this.#pending.length = 0
    this.#pendingBytes = 0
  }

  #retryLater(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#drainIfFree()
      if (this.#pending.length > 0) this.#retryLater()
    }, RETRY).unref()
  }
}

/** Any other stream: its own buffer is the queue, and what it does with a chunk after it has taken it is not known. */
export class StreamOutput implements Output {
  dropped = 0
  readonly #stream: Writable
  /** What a program has put in place of `write`, or reads as objects, may know nothing but text. */
  readonly #wantsText: boolean
  #pending = 0
  #broken = false

  constructor(stream: Writable) {
    this.#stream = stream
    this.#wantsText = Object.hasOwn(stream, 'write') || stream.writableObjectMode
    stream.on('error', () => {
      this.#broken = true
    })
  }

  write(chunks: readonly (string | Buffer)[]): void {
    if (this.#broken || this.#stream.destroyed || this.#stream.writableLength > MAX_PENDING) {
      this.dropped++
      return
    }
    for (const chunk of chunks) this.#writeChunk(chunk)
  }

  async flush(deadline: number): Promise<void> {
    const end = performance.now() + deadline
    while (this.#pending > 0 && !this.#broken && performance.now() < end) {
      await new Promise(resolve => setTimeout(resolve, RETRY))
    }
  }

  /** Nothing can be done: only the stream knows how to write synchronously, if it can. */
  flushSync(): void {}

  #writeChunk(chunk: string | Buffer): void {
    this.#pending++
    try {
      this.#stream.write(this.#wantsText ? String(chunk) : chunk, error => {
        this.#pending--
        if (error) this.dropped++
      })
    } catch {
      this.#pending--
      this.#broken = true
      this.dropped++
    }
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EAGAIN' || error.code === 'EINTR')
}

function sleepSync(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)
}
