import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type LinkState, links } from '../../runtime/linking/index.ts'
import { ownPackage } from '../../transformer/adapters/own-package.ts'
import { type Finding, knownPackages } from './known-packages.ts'

/** What can be said of a project, and of this Node, without running the project. */
export interface Examination {
  readonly node: string
  readonly spanTree: string
  /** `SPAN_TREE` of the environment. */
  readonly mode: string | undefined
  /** Entries of span-tree that the project's scripts, or NODE_OPTIONS, load before the program. */
  readonly loadedBefore: readonly string[]
  readonly links: readonly Finding[]
}

/** What messages go through without a span: what receives them may be anybody's. */
const OPEN: Finding = {
  name: 'MessageChannel, BroadcastChannel',
  state: 'unlinked',
  reason: 'of the program itself: pass inject() or logger.ref() along',
}

const PARTS: Readonly<Record<string, string>> = {
  worker_threads: 'workers, their messages and their trees',
  child_process: 'TRACEPARENT, and messages of forked processes',
}

export function examine(directory: string, env: NodeJS.ProcessEnv): Examination {
  const text = `${env['NODE_OPTIONS'] ?? ''} ${scriptsOf(directory)}`
  return {
    node: process.versions.node,
    spanTree: ownPackage().version,
    mode: env['SPAN_TREE'],
    loadedBefore: ['span-tree/register', 'span-tree/link', 'span-tree run'].filter(entry => text.includes(entry)),
    links: [...links().map(partOfNode), OPEN, ...knownPackages(directory, env)],
  }
}

function partOfNode({ name, state, reason }: LinkState): Finding {
  return { name, state: state === 'linked' ? state : 'unlinked', reason: reason ?? PARTS[name] ?? '' }
}

function scriptsOf(directory: string): string {
  try {
    const { scripts } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as { scripts?: object }
    return Object.values(scripts ?? {}).join('\n')
  } catch {
    return ''
  }
}
