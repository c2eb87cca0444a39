/** The usual way to keep spans in SQLite: a prepared insert a span, a column a field, an index for each thing one may look for. */
import { DatabaseSync } from 'node:sqlite'
import type { SpanBatch, SpanRecord } from '../../store/index.ts'

const COLUMNS = [
  'trace_id',
  'span_id',
  'parent_id',
  'name',
  'kind',
  'status',
  'service',
  'version',
  'host',
  'file',
  'line',
  'start_time',
  'end_time',
  'duration',
  'attributes',
  'events',
  'error',
]
const INDEXED = ['trace_id', 'parent_id', 'name', 'service', 'start_time', 'status']

export class UsualStore {
  readonly #database: DatabaseSync
  readonly #insert: ReturnType<DatabaseSync['prepare']>

  constructor(file: string) {
    this.#database = new DatabaseSync(file)
    this.#database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
    this.#database.exec(`CREATE TABLE spans (${COLUMNS.join(', ')}, PRIMARY KEY (span_id))`)
    for (const column of INDEXED) this.#database.exec(`CREATE INDEX spans_${column} ON spans (${column})`)
    this.#insert = this.#database.prepare(`INSERT OR REPLACE INTO spans VALUES (${COLUMNS.map(() => '?').join(', ')})`)
  }

  write({ spans, tags }: SpanBatch): void {
    this.#database.exec('BEGIN')
    for (const span of spans) this.#insert.run(...valuesOf(span, tags))
    this.#database.exec('COMMIT')
  }

  close(): void {
    this.#database.close()
  }
}

function valuesOf(span: SpanRecord, tags: SpanBatch['tags']): (string | number | bigint | null)[] {
  const { traceId, id, parentId = null, name, kind, status, site, startTime, endTime = 0n, attributes, messages } = span
  const events = messages.map(message => ({ ...message, time: String(message.time) }))
  const process = [tags['app'] ?? null, tags['version'] ?? null, tags['host'] ?? null]
  const texts = [
    JSON.stringify(attributes),
    JSON.stringify(events),
    span.exitError ? JSON.stringify(span.exitError) : null,
  ]
  const times = [startTime, endTime, endTime - startTime]
  return [
    traceId,
    id,
    parentId,
    name,
    kind,
    status,
    ...process,
    site?.file ?? null,
    site?.line ?? null,
    ...times,
    ...texts,
  ]
}
