import type { MessagePort } from 'node:worker_threads'
import type { SpanTree } from '../../model/index.ts'
import type { Exporter } from '../exporters/exporter.ts'
import { collector } from '../shared.ts'
import { flatten } from './flat-tree.ts'
import type { ThreadLink } from './link-data.ts'
import { RunningBoard } from './running-board.ts'

/** Sends trees to the thread that made this one, where they join the trace that they belong to. */
export class ThreadExporter implements Exporter {
  readonly #port: MessagePort

  constructor({ port, board }: ThreadLink) {
    this.#port = port
    collector.watcher = new RunningBoard(board)
  }

  export(tree: SpanTree): void {
    this.#port.postMessage(flatten(tree))
  }
}
