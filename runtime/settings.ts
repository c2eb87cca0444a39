import { existsSync } from 'node:fs'

/** What becomes of traces. */
export type Mode = 'terminal' | 'json' | 'record' | 'off'

/** The environment's variables. */
export type Environment = { readonly [name: string]: string | undefined }

const MODES: readonly Mode[] = ['terminal', 'json', 'record', 'off']

export interface Place {
  /** None where traces only go to receivers. */
  readonly modes: readonly Mode[]
  /** URLs of receivers, and files of stores: `sqlite:./traces.db`. */
  readonly receivers: readonly string[]
  /** Where JSON lines go: log collectors read a container's standard output. */
  readonly jsonTo: 'stdout' | 'stderr'
  /** What is wrong with the environment's settings, in one line. */
  readonly complaint?: string
}

/** What this process should do with its traces: what `SPAN_TREE` says, else what fits the place it runs in. */
export function placeOf(env: Environment, isTerminal: boolean): Place {
  const jsonTo = inCloud(env) ? 'stdout' : 'stderr'
  const wanted = (env['SPAN_TREE'] ?? '').split(',').map(each => each.trim())
  const named = wanted.filter(each => each !== '')
  const modes = MODES.filter(mode => named.some(each => each.toLowerCase() === mode))
  const receivers = named.filter(isUrl)
  if (named.length > 0 && named.every(each => isMode(each) || isUrl(each))) return { modes, receivers, jsonTo }
  const place: Place = { modes: [defaultMode(env, isTerminal)], receivers: [], jsonTo }
  if (named.length === 0) return place
  const given = JSON.stringify(env['SPAN_TREE'])
  return {
    ...place,
    complaint: `span-tree: SPAN_TREE=${given} is none of ${MODES.join(', ')} and no URL of a receiver; it is ignored`,
  }
}

function isMode(text: string): boolean {
  return (MODES as readonly string[]).includes(text.toLowerCase())
}

function isUrl(text: string): boolean {
  return (/^https?:\/\//i.test(text) && URL.canParse(text)) || storeFile(text) !== undefined
}

/** The file of `sqlite:./traces.db`. */
export function storeFile(text: string): string | undefined {
  return /^sqlite:(.+)$/i.exec(text)?.[1]
}

function defaultMode(env: Environment, isTerminal: boolean): Mode {
  if (underTestRunner(env)) return 'record'
  return isTerminal ? 'terminal' : 'json'
}

function underTestRunner(env: Environment): boolean {
  return (
    env['VITEST'] !== undefined ||
    env['JEST_WORKER_ID'] !== undefined ||
    env['NODE_TEST_CONTEXT'] !== undefined ||
    env['NODE_ENV'] === 'test'
  )
}

function inCloud(env: Environment): boolean {
  return (
    env['AWS_LAMBDA_FUNCTION_NAME'] !== undefined ||
    env['KUBERNETES_SERVICE_HOST'] !== undefined ||
    env['K_SERVICE'] !== undefined ||
    env['ECS_CONTAINER_METADATA_URI_V4'] !== undefined ||
    existsSync('/.dockerenv') ||
    existsSync('/run/.containerenv')
  )
}
