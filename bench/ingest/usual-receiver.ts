/**
 * A receiver as they are usually written: a table with an index for each question, an insert for each span, a transaction for each post. The
 * statement is prepared `once`, or, as is common too, `anew` for each span.
 */
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { DatabaseSync } from 'node:sqlite'
import { promisify } from 'node:util'
import { zstdDecompress } from 'node:zlib'

const COLUMNS =
  'trace_id, id, parent_id, name, kind, status, level, start_time, end_time, site_id, file, line, attributes, messages, error, tags, rev'.split(
    ', ',
  )
const [, , file = '', mode = 'once'] = process.argv
const database = new DatabaseSync(file)
database.exec(`
  PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
  CREATE TABLE spans (${COLUMNS.join(', ')}, PRIMARY KEY (id));
  CREATE INDEX by_trace ON spans (trace_id);
  CREATE INDEX by_parent ON spans (parent_id);
  CREATE INDEX by_name ON spans (name);
  CREATE INDEX by_status ON spans (status);
  CREATE INDEX by_start ON spans (start_time);
  CREATE INDEX by_site ON spans (site_id)`)
const unpack = promisify(zstdDecompress)
const prepare = (): ReturnType<DatabaseSync['prepare']> =>
  database.prepare(`INSERT OR REPLACE INTO spans VALUES (${COLUMNS.map(() => '?').join(', ')})`)
const prepared = prepare()

const server = createServer(async (request, response) => {
  const { tags, spans } = JSON.parse((await unpack(await bodyOf(request))).toString())
  database.exec('BEGIN')
  for (const span of spans) insert(mode === 'anew' ? prepare() : prepared, span, JSON.stringify(tags))
  database.exec('COMMIT')
  response.setHeader('content-type', 'application/json').end(JSON.stringify({ accepted: spans.length }))
})
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
process.once('SIGTERM', () => process.exit(0))

// biome-ignore lint/suspicious/noExplicitAny: whatever came
function insert(statement: typeof prepared, span: any, tags: string): void {
  statement.run(
    span.traceId,
    span.id,
    span.parentId ?? null,
    span.name,
    span.kind,
    span.status,
    span.level,
    BigInt(span.startTime),
    BigInt(span.endTime),
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

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
