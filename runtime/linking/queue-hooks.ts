import module, { type LoadHookSync } from 'node:module'
import { pathToFileURL } from 'node:url'
import { hooksSpareRequire, isQueueModule, linkedQueueModule, wantsLinks } from '../../model/index.ts'
import { ownModule, runtimeFolder } from '../own-modules.ts'
import { links, unlinked } from './registry.ts'

const QUEUES = ['p-queue', 'p-limit']

const load: LoadHookSync = (url, context, nextLoad) => {
  const loaded = nextLoad(url, context)
  if (!isQueueModule(url)) return loaded
  return linkedQueueModule(url, loaded, pathToFileURL(ownModule('linking/queue-wrappers')).href)
}

/**
 * p-queue and p-limit, where nothing instruments files as they are loaded; `span-tree/register` has hooks of its own. Where a hook would
 * change what programs see of CommonJS there is none.
 */
if (wantsLinks(process.env) && runtimeFolder !== undefined) watch()

function watch(): void {
  if (hooksSpareRequire(process.versions.node)) module.registerHooks({ load })
  else for (const name of QUEUES.filter(isUnknown)) unlinked(name, 'on this Node only span-tree/register links it')
}

function isUnknown(queue: string): boolean {
  return !links().some(({ name }) => name === queue)
}
