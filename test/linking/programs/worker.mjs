import { Worker } from 'node:worker_threads'
import { getLogger } from 'span-tree'

const log = getLogger('worker')
log.span('start', () => log.info('10', { big: 10n }))
await null
log.span('after await', () => {})
setTimeout(() => {
  log.span('timer', () => {})
  log.span('nested', () => new Worker(new URL('nested.mjs', import.meta.url)))
}, 10)
process.on('exit', () => log.span('exit', () => {}))
