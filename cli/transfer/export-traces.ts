import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { TraceQuery } from '../../store/trace-store.ts'
import type { ExportFlags } from '../commands/export.ts'
import { queryOf } from '../query/filter-options.ts'
import { note } from '../query/print.ts'
import { FOUND, NONE, type Session } from '../query/store-command.ts'
import { type TraceWriter, writerOf } from './format.ts'

/** What is listed at a time: as much as a receiver gives. */
const PAGE = 10_000

/** Writes traces, the oldest first. */
export async function exportTraces(session: Session, ids: readonly string[], flags: ExportFlags): Promise<number> {
  const chosen = ids.length > 0 ? await named(session, ids) : await listed(session, queryOf(flags))
  if (chosen.length === 0) {
    if (ids.length === 0) note('No such traces.')
    return NONE
  }
  const [first] = chosen.sort((a, b) => (a.start < b.start ? -1 : 1))
  const text = textOf(session, chosen, await writerOf(flags.format, first!.start))
  await (flags.output === undefined ? print(text) : write(text, flags.output))
  return FOUND
}

interface Chosen {
  readonly traceId: string
  readonly start: bigint
}

async function named({ client, namespace }: Session, ids: readonly string[]): Promise<Chosen[]> {
  const chosen: Chosen[] = []
  for (const id of ids) {
    const found = await client.trace(namespace, id)
    if (found.kind !== 'found') {
      note(found.kind === 'none' ? `No trace of this id: ${id}` : `Several traces begin with ${id}`)
      return []
    }
    chosen.push(found.summary)
  }
  return chosen
}

/** Page by page backwards in time; several traces may begin in one nanosecond. */
async function listed({ client, namespace }: Session, query: TraceQuery): Promise<Chosen[]> {
  const { limit: wanted = Number.POSITIVE_INFINITY, ...filter } = query
  const chosen = new Map<string, Chosen>()
  for (let until = filter.until; chosen.size < wanted; ) {
    const page = await client.traces(namespace, { ...filter, ...(until !== undefined && { until }), limit: PAGE })
    const before = chosen.size
    for (const { traceId, start } of page) if (chosen.size < wanted) chosen.set(traceId, { traceId, start })
    if (page.length < PAGE || chosen.size === before) break
    until = page.at(-1)!.start + 1n
  }
  return [...chosen.values()]
}

async function* textOf(
  { client, namespace }: Session,
  chosen: readonly Chosen[],
  writer: TraceWriter,
): AsyncGenerator<string> {
  if (writer.head !== undefined) yield writer.head
  let first = true
  for (const { traceId } of chosen) {
    const found = await client.trace(namespace, traceId)
    // Retention may have been quicker.
    if (found.kind !== 'found') continue
    yield* writer.trace(found, first)
    first = false
  }
  if (writer.tail !== undefined) yield writer.tail
}

async function print(text: AsyncIterable<string>): Promise<void> {
  await pipeline(Readable.from(text), process.stdout, { end: false })
}

/** Whole or not at all. */
async function write(text: AsyncIterable<string>, file: string): Promise<void> {
  const unfinished = `${file}.${process.pid}.part`
  try {
    await pipeline(Readable.from(text), createWriteStream(unfinished))
    await rename(unfinished, file)
  } catch (error) {
    await rm(unfinished, { force: true })
    throw error
  }
}
