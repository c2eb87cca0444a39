// Does the job that is in a queue, a file. Prints its trace.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { flush, getLogger } from 'span-tree'

const [queue] = process.argv.slice(2)
const log = getLogger('consumer')
while (!existsSync(queue)) await new Promise(done => setTimeout(done, 5))
log.span('job', () => {
  log.linkRef(JSON.parse(readFileSync(queue, 'utf8')).metadata.reference)
})
await flush()
writeFileSync(`${queue}.done`, '')
