import type { Writable } from 'node:stream'
import type { SpanTree } from '../../model/index.ts'
import { type Environment, styles, type TerminalLike, wantsColours, withColours } from './colours.ts'
import type { Exporter } from './exporter.ts'
import { wantsHyperlinks } from './hyperlink.ts'
import { LateAdditions } from './late-additions.ts'
import { fitLine, type Line, paint } from './line.ts'
import { Locator } from './locator.ts'
import { type Output, outputTo } from './output.ts'
import { printable } from './printable.ts'
import { StreamCursor } from './stream-cursor.ts'
import { layout } from './tree-layout.ts'
import { TreeView } from './tree-view.ts'

/** Columns where the stream does not say how many it has, and the most that are used where it has more. */
const DEFAULT_WIDTH = 100
const MAX_WIDTH = 120

export interface RenderOptions {
  /** Columns; 100 unless told, 40 at least. */
  readonly width?: number
  /** ANSI colours; off unless told. */
  readonly colours?: boolean
  /** OSC 8 links on `file:line:column`; off unless told, and always without colours. */
  readonly hyperlinks?: boolean
  /** Paths are shown relative to this directory; the current one unless told. */
  readonly cwd?: string
  /** Said above a late addition; unless told, the id of the trace that it belongs to. */
  readonly late?: string
}

/** A tree as text for people, without a line break at its end. */
export function renderTerminal(tree: SpanTree, options: RenderOptions = {}): string {
  const locator = new Locator({ cwd: options.cwd ?? process.cwd() })
  const view = new TreeView(tree, options.width ?? DEFAULT_WIDTH, locator)
  const late = tree.late ? lateLine(options.late ?? `late, in trace ${tree.traceId}`, view.width) : []
  const { colours = false, hyperlinks = false } = options
  return paintLines([...late, ...treeLines(view)], colours, hyperlinks)
}

export interface TerminalOptions {
  /** Where to; standard error unless told. */
  readonly stream?: Writable & TerminalLike
  readonly cwd?: string
  readonly env?: Environment
  /** Nanoseconds since the Unix epoch. */
  readonly now?: () => bigint
}

/** Prints trees for people; on a terminal, long ones as they grow. */
export function terminalExporter(options: TerminalOptions = {}): TerminalExporter {
  return new TerminalExporter(options)
}

/** See `terminalExporter`. */
export class TerminalExporter implements Exporter {
  /** Only on a terminal: elsewhere nobody watches a tree grow. */
  readonly progress?: (tree: SpanTree) => void
  readonly #stream: TerminalLike
  readonly #output: Output
  readonly #locator: Locator
  readonly #colours: boolean
  readonly #hyperlinks: boolean
  readonly #now: () => bigint
  readonly #late = new LateAdditions()
  /** The one trace that is printed as it grows; `interrupted`: another was printed since. */
  #growing: { traceId: string; cursor: StreamCursor; interrupted: boolean } | undefined

  constructor(options: TerminalOptions = {}) {
    const stream = options.stream ?? process.stderr
    const env = options.env ?? process.env
    this.#stream = stream
    this.#output = outputTo(stream)
    this.#locator = new Locator({ cwd: options.cwd ?? process.cwd() })
    this.#colours = wantsColours(stream, env)
    this.#hyperlinks = wantsHyperlinks(stream, env)
    this.#now = options.now ?? (() => BigInt(Date.now()) * 1_000_000n)
    if (stream.isTTY && env['TERM'] !== 'dumb') this.progress = tree => this.#progress(tree)
  }

  /** Trees that could not be written. */
  get dropped(): number {
    return this.#output.dropped
  }

  export(tree: SpanTree): void {
    const view = this.#view(tree)
    if (!tree.late && this.#growing?.traceId === tree.traceId) this.#finish(view)
    else this.#printWhole(tree, view)
    if (!tree.late) this.#late.remember(tree)
  }

  flush(deadline: number): Promise<void> {
    return this.#output.flush(deadline)
  }

  flushSync(): void {
    this.#output.flushSync()
  }

  #progress(tree: SpanTree): void {
    if (tree.late) return
    this.#growing ??= { traceId: tree.traceId, cursor: new StreamCursor(), interrupted: false }
    if (this.#growing.traceId !== tree.traceId) return
    this.#print(this.#continued(this.#view(tree), false))
    if (!this.#growing.cursor.streaming) this.#growing = undefined
  }

  #finish(view: TreeView): void {
    this.#print([...this.#continued(view, true), []])
    this.#growing = undefined
  }

  /** What the growing tree has to say now; after an interruption, first where it was. */
  #continued(view: TreeView, final: boolean): Line[] {
    const growing = this.#growing!
    const path = growing.interrupted ? growing.cursor.resume() : []
    const lines = growing.cursor.advance(view, this.#now(), final)
    if (lines.length === 0) return lines
    growing.interrupted = false
    return [...path, ...lines]
  }

  #printWhole(tree: SpanTree, view: TreeView): void {
    const late = tree.late ? lateLine(this.#late.describe(tree), view.width) : []
    const lines = [...late, ...treeLines(view)]
    this.#print([...this.#interruption(), ...lines, ...(lines.length > 1 ? [[]] : [])])
  }

  #interruption(): Line[] {
    if (!this.#growing || this.#growing.interrupted) return []
    this.#growing.interrupted = true
    return [[{ text: '       ⋯', style: styles.muted }]]
  }

  /** One write, so that nothing else comes between the lines of a tree. */
  #print(lines: readonly Line[]): void {
    if (lines.length > 0) this.#output.write([`${paintLines(lines, this.#colours, this.#hyperlinks)}\n`])
  }

  #view(tree: SpanTree): TreeView {
    const columns = this.#stream.columns || DEFAULT_WIDTH
    return new TreeView(tree, Math.min(columns, MAX_WIDTH), this.#locator)
  }
}

function treeLines(view: TreeView): Line[] {
  return layout({ kind: 'span', span: view.root }, '', 'root', view)
}

function lateLine(text: string, width: number): Line[] {
  return [fitLine([{ text: `       ⋯  ${printable(text)}`, style: styles.muted }], width)]
}

function paintLines(lines: readonly Line[], colours: boolean, hyperlinks: boolean): string {
  return withColours(colours, () => lines.map(line => paint(line, colours && hyperlinks)).join('\n'))
}
