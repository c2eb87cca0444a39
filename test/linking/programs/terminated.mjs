// Workers that are ended from outside while something runs in them; the last of them by the end of the process. Prints each tree.

import { once } from 'node:events'
import { writeSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { Piscina } from 'piscina'
import { configure, getLogger } from 'span-tree'

const logger = getLogger('main')
const url = new URL('terminated-worker.mjs', import.meta.url)
const print = (span, late, depth = 0) => {
  const { name, status, attributes, endTime } = span
  const terminated = attributes['span_tree.thread.terminated'] ? ' terminated' : ''
  const line = `${'  '.repeat(depth)}${name}${late ? ' late' : ''} ${status}${terminated}${endTime === undefined ? '' : ' ended'}`
  return [line, ...span.children.flatMap(child => print(child, false, depth + 1))]
}
const byName = (a, b) => (a.name < b.name ? -1 : 1)
configure({
  exporters: [
    {
      export: ({ root, late }) =>
        writeSync(1, `${print({ ...root, children: root.children.toSorted(byName) }, late).join('\n')}\n`),
    },
  ],
})

for (const how of ['hangs', 'waits', 'is done']) {
  await logger.span(how, async () => {
    const worker = new Worker(url, { workerData: how })
    await once(worker, 'message')
    await worker.terminate()
  })
}

const pool = new Piscina({ filename: url.href, maxThreads: 1 })
await logger.span('pool', async () => {
  await pool.run('first')
  const abort = new AbortController()
  const hanging = pool.run('hangs', { signal: abort.signal }).catch(() => {})
  await once(pool.threads[0], 'message')
  abort.abort()
  await hanging
})
await pool.close()

const last = new Worker(url, { workerData: 'waits' })
await once(last, 'message')
logger.span('end', () => process.exit())
