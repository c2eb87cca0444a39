import type { Site, Span, SpanTree } from '../../model/index.ts'
import type { ActiveTrace } from '../active-trace.ts'
import { epochNanoseconds, now } from '../clock.ts'
import type { TraceWatcher } from '../collector.ts'
import { idOfSerial, spanId } from '../span-id.ts'
import { plainSite } from './flat-tree.ts'

/** Traces of a worker that are shown at once. */
const SLOTS = 32
/** Bytes of each: the length of its text, and the text. */
const SIZE = 1_024
const HEAD = 4

/** A span as it is written: what is known of it as it begins. */
interface Note extends Pick<SpanTree, 'traceId' | 'remote'> {
  readonly id: string
  readonly parentId?: string
  /** Nanoseconds since the Unix epoch. */
  readonly start: string
  readonly site: Site
}

/**
 * The roots that run in a worker, in memory that the thread which made the worker reads too: a worker that is terminated says nothing any
 * more, and one that hangs has never got round to it. Two microseconds a trace, where a message would be ten.
 */
export function newBoard(): SharedArrayBuffer {
  return new SharedArrayBuffer(SLOTS * SIZE)
}

/** The worker's side. */
export class RunningBoard implements TraceWatcher {
  readonly #bytes: Buffer
  readonly #free = Array.from({ length: SLOTS }, (_, slot) => slot)
  readonly #slots = new Map<ActiveTrace, number>()
  readonly #sites = new WeakMap<Site, string>()

  constructor(board: SharedArrayBuffer) {
    this.#bytes = Buffer.from(board)
  }

  began(trace: ActiveTrace): void {
    const slot = this.#free.pop()
    if (slot === undefined) return
    const text = this.#textOf(trace)
    const at = slot * SIZE
    this.#slots.set(trace, slot)
    if (Buffer.byteLength(text) > SIZE - HEAD) return
    // The length comes last: a text that is cut short was never there.
    this.#bytes.writeInt32LE(this.#bytes.write(text, at + HEAD), at)
  }

  ended(trace: ActiveTrace): void {
    const slot = this.#slots.get(trace)
    if (slot === undefined) return
    this.#slots.delete(trace)
    this.#bytes.writeInt32LE(0, slot * SIZE)
    this.#free.push(slot)
  }

  #textOf({ root, identity, remoteParent, parentSerial }: ActiveTrace): string {
    const parentId = remoteParent?.spanId ?? (parentSerial > 0 ? idOfSerial(parentSerial) : undefined)
    const parent = parentId === undefined ? '' : `"parentId":"${parentId}",`
    const remote = remoteParent === undefined ? '' : '"remote":true,'
    const ids = `"traceId":"${identity.id}","id":"${spanId(root)}",${parent}${remote}`
    return `{${ids}"start":"${epochNanoseconds(now())}","site":${this.#siteText(root.site)}}`
  }

  #siteText(site: Site): string {
    let text = this.#sites.get(site)
    if (text === undefined) {
      text = JSON.stringify(plainSite(site, new Map()))
      this.#sites.set(site, text)
    }
    return text
  }
}

/** The other side: trees of one span each, of what has not ended. */
export function readBoard(board: SharedArrayBuffer): SpanTree[] {
  const bytes = Buffer.from(board)
  const trees: SpanTree[] = []
  for (let at = 0; at < bytes.length; at += SIZE) {
    const length = bytes.readInt32LE(at)
    if (length > 0) trees.push(treeOf(JSON.parse(bytes.toString('utf8', at + HEAD, at + HEAD + length)) as Note))
  }
  return trees
}

function treeOf({ traceId, remote, id, parentId, start, site }: Note): SpanTree {
  const { kind = 'internal', level = 'warning' } = site.options
  const root: Span = {
    id,
    ...(parentId !== undefined && { parentId }),
    name: site.name,
    kind,
    level,
    startTime: BigInt(start),
    status: 'started',
    attributes: { 'span_tree.thread.terminated': true },
    messages: [],
    handledErrors: [],
    children: [],
    ...(site.line > 0 && { site }),
  }
  return { traceId, root, ...(remote && { remote }) }
}
