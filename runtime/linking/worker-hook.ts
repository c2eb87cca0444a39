/**
 * Loaded in a worker, or a forked process, before its own code, by `--require`: keeps what was sent along, leaves no trace of it where the
 * program looks, and watches for messages whose sender is known. It loads nothing of the runtime until one comes, so that the worker of a
 * library (of a logger, say) notices nothing.
 */

import { fileURLToPath } from 'node:url'
import { getEnvironmentData, parentPort, setEnvironmentData } from 'node:worker_threads'
import { wantsLinks } from '../../model/queue-modules.ts'
import { LINK, type ThreadLink } from './link-data.ts'
import { linkChannel } from './message-channel.ts'
import { isWatched, linkPort } from './message-ports.ts'

const link = getEnvironmentData(LINK) as unknown as ThreadLink | undefined

if (link !== undefined) {
  setEnvironmentData(LINK, undefined as never)
  process.execArgv.splice(0, process.execArgv.length, ...link.execArgv)
  Object.defineProperty(globalThis, Symbol.for(LINK), { value: link })
  if (parentPort !== null && isWatched && wantsLinks(process.env)) linkPort(parentPort, link.port, 'maker', () => {})
} else if (process.send !== undefined) {
  const at = process.execArgv.indexOf(fileURLToPath(import.meta.url))
  if (at > 0) process.execArgv.splice(at - 1, 2)
  if (wantsLinks(process.env)) linkChannel(process as never, 'maker', message => message)
}
