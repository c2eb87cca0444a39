import { Writable } from 'node:stream'

/** Keeps what is written to it, one entry a write. */
export class FakeStream extends Writable {
  readonly writes: string[] = []
  readonly isTTY: boolean
  columns: number

  constructor(options: { isTTY?: boolean; columns?: number } = {}) {
    super({ decodeStrings: false })
    this.isTTY = options.isTTY ?? false
    this.columns = options.columns ?? 80
  }

  get text(): string {
    return this.writes.join('')
  }

  override _write(chunk: string, _encoding: string, done: () => void): void {
    this.writes.push(chunk)
    done()
  }
}
