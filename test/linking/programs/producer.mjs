// Puts a job into a queue, a file, with a reference to its span; with `waits` its span ends after the job is done. Prints its trace.
import { existsSync, renameSync, writeFileSync } from 'node:fs'
import { getLogger } from 'span-tree'

const [queue, waits] = process.argv.slice(2)
const log = getLogger('producer')
await log.span('enqueue', async () => {
  writeFileSync(`${queue}.draft`, JSON.stringify({ data: 7, metadata: { reference: log.ref() } }))
  renameSync(`${queue}.draft`, queue)
  while (waits && !existsSync(`${queue}.done`)) await new Promise(done => setTimeout(done, 5))
})
