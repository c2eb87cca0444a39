import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { wantsLinks } from '../../model/index.ts'

const QUEUE =
  'how long tasks waited, with span-tree/register or span-tree/link; without, they keep their span all the same'

/** Packages with threads, processes or queues that span-tree knows, with the major version that it is tested with, and what it does. */
const KNOWN: Readonly<Record<string, { readonly major: number; readonly how: string }>> = {
  piscina: { major: 5, how: 'tasks, from where they are enqueued' },
  tinypool: { major: 2, how: 'tasks, from where they are enqueued' },
  workerpool: { major: 10, how: 'tasks, from where they are enqueued' },
  poolifier: { major: 5, how: 'tasks, from where they are enqueued' },
  'p-queue': { major: 10, how: QUEUE },
  'p-limit': { major: 7, how: QUEUE },
}

export interface Finding {
  readonly name: string
  readonly version?: string
  readonly state: 'linked' | 'not tested' | 'unlinked' | 'not installed'
  readonly reason: string
}

/** The known packages, as they are installed for a directory. */
export function knownPackages(directory: string, env: NodeJS.ProcessEnv): Finding[] {
  return Object.entries(KNOWN).map(([name, { major, how }]) => {
    const version = installedVersion(name, directory)
    if (version === undefined) return { name, state: 'not installed', reason: '' }
    if (!wantsLinks(env)) return { name, version, state: 'unlinked', reason: 'SPAN_TREE_LINKS=off' }
    if (Number.parseInt(version, 10) === major) return { name, version, state: 'linked', reason: how }
    return { name, version, state: 'not tested', reason: `tested with version ${major}: ${how}` }
  })
}

/** By its folder: not every package lets others look at its `package.json`. */
function installedVersion(name: string, directory: string): string | undefined {
  try {
    const manifest = readFileSync(join(directory, 'node_modules', name, 'package.json'), 'utf8')
    return (JSON.parse(manifest) as { version: string }).version
  } catch {
    const parent = dirname(directory)
    return parent === directory ? undefined : installedVersion(name, parent)
  }
}
