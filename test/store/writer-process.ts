/**
 * `node writer-process.ts file name count`: writes traces of ten spans, a batch each, and prints the id of each one when it is
 * acknowledged; for ever where there is no count. Ends with the code of the error where there is one.
 */
import { writeSync } from 'node:fs'
import { type SpanRecord, SqliteStore, StoreError } from '../../store/index.ts'
import { batch, span, spanId, traceId } from './spans.ts'

const [file = '', name = '', count = 'Infinity'] = process.argv.slice(2)

try {
  const store = new SqliteStore(file, { wait: 20_000 })
  for (let i = 0; i < Number(count); i++) {
    const id = traceId(i)
    store.writeSync(batch(Array.from({ length: 10 }, (_, n) => one(id, n))))
    writeSync(1, `${id}\n`)
    if (i % 20 === 19) store.maintainSync()
  }
  store.closeSync()
} catch (error) {
  writeSync(1, error instanceof StoreError ? `error ${error.code}\n` : `error ${error}\n`)
  process.exit(7)
}

function one(id: string, n: number): SpanRecord {
  const root = {
    traceId: id,
    id: spanId(n + 1),
    name: n === 0 ? name : `${name} ${n}`,
    attributes: { text: 'x'.repeat(200) },
  }
  return span(n === 0 ? root : { ...root, parentId: spanId(1) })
}
