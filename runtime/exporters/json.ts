import type { Writable } from 'node:stream'
import type { SpanTree } from '../../model/index.ts'
import { shared } from '../shared.ts'
import { Bytes } from './bytes.ts'
import type { Exporter } from './exporter.ts'
import { lineBytes } from './line-bytes.ts'
import { type Output, outputTo } from './output.ts'

export { jsonChunks, jsonLine } from './json-line.ts'

export interface JsonOptions {
  /** Where to; standard error unless told. */
  readonly stream?: Writable
}

/** Writes one line of JSON a trace. */
export function jsonExporter(options: JsonOptions = {}): JsonExporter {
  return new JsonExporter(options)
}

/** See `jsonExporter`. */
export class JsonExporter implements Exporter {
  readonly #output: Output
  readonly #written = new Bytes()
  readonly #release = (piece: Buffer): void => this.#written.release(piece)

  constructor(options: JsonOptions = {}) {
    this.#output = outputTo(options.stream ?? process.stderr)
  }

  /** Traces that could not be written: the reader went away or did not keep up. */
  get dropped(): number {
    return this.#output.dropped
  }

  export(tree: SpanTree): void {
    const pieces = lineBytes(this.#written, tree, shared.extras.lineFields?.())
    this.#output.write(pieces, this.#release)
  }

  flush(deadline: number): Promise<void> {
    return this.#output.flush(deadline)
  }

  flushSync(): void {
    this.#output.flushSync()
  }
}
