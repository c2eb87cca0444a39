/**
 * A receiver as they are usually written: hono takes the request, zod looks at the body, and each span is an insert into one table that has an
 * index for each question; a post is a transaction. The statement is prepared `once`, or, as is common too, `anew` for each span.
 */
import { DatabaseSync } from 'node:sqlite'
import { promisify } from 'node:util'
import { zstdDecompress } from 'node:zlib'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { z } from 'zod'

const COLUMNS =
  'trace_id, id, parent_id, name, kind, status, level, start_time, end_time, site_id, file, line, attributes, messages, error, tags, rev'.split(
    ', ',
  )
const INDEXED = ['trace_id', 'parent_id', 'name', 'status', 'start_time', 'site_id']

const number = z.string().regex(/^\d+$/)
const attributes = z.record(z.string(), z.unknown())
const Span = z.object({
  traceId: z.string(),
  id: z.string(),
  parentId: z.string().optional(),
  rev: number,
  name: z.string(),
  kind: z.enum(['internal', 'server', 'client', 'producer', 'consumer']),
  status: z.enum(['started', 'succeeded', 'failed']),
  level: z.string(),
  startTime: number,
  endTime: number.optional(),
  site: z.object({ id: z.string(), file: z.string(), line: z.number() }).optional(),
  attributes,
  messages: z.array(z.object({ time: number, level: z.string(), text: z.string(), attributes: attributes.optional() })),
  exitError: z.object({ type: z.string(), message: z.string() }).optional(),
})
const Payload = z.object({ tags: z.record(z.string(), z.string()), spans: z.array(Span) })

const [, , file = '', mode = 'once'] = process.argv
const database = new DatabaseSync(file)
database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
database.exec(`CREATE TABLE IF NOT EXISTS spans (${COLUMNS.join(', ')}, PRIMARY KEY (id))`)
for (const column of INDEXED) database.exec(`CREATE INDEX IF NOT EXISTS by_${column} ON spans (${column})`)
const prepare = (): ReturnType<DatabaseSync['prepare']> =>
  database.prepare(`INSERT OR REPLACE INTO spans VALUES (${COLUMNS.map(() => '?').join(', ')})`)
const prepared = prepare()
const unpack = promisify(zstdDecompress)

const app = new Hono()
app.post('/v1/spans', async c => {
  const body = (await unpack(Buffer.from(await c.req.arrayBuffer()))).toString()
  const { data, error } = Payload.safeParse(JSON.parse(body))
  if (error) return c.json({ issues: error.issues }, 400)
  database.exec('BEGIN')
  for (const span of data.spans) insert(mode === 'anew' ? prepare() : prepared, span, JSON.stringify(data.tags))
  database.exec('COMMIT')
  return c.json({ accepted: data.spans.length })
})
serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => console.log(`http://127.0.0.1:${port}`))
process.once('SIGTERM', () => {
  database.close()
  process.exit(0)
})

function insert(statement: typeof prepared, span: z.infer<typeof Span>, tags: string): void {
  statement.run(
    span.traceId,
    span.id,
    span.parentId ?? null,
    span.name,
    span.kind,
    span.status,
    span.level,
    BigInt(span.startTime),
    span.endTime === undefined ? null : BigInt(span.endTime),
    span.site?.id ?? null,
    span.site?.file ?? null,
    span.site?.line ?? null,
    JSON.stringify(span.attributes),
    JSON.stringify(span.messages),
    span.exitError === undefined ? null : JSON.stringify(span.exitError),
    tags,
    span.rev,
  )
}
