import { existsSync } from 'node:fs'

/** What becomes of traces. */
export type Mode = 'terminal' | 'json' | 'record' | 'off'

/** The environment's variables. */
export type Environment = { readonly [name: string]: string | undefined }

const MODES: readonly Mode[] = ['terminal', 'json', 'record', 'off']

export interface Place {
  readonly mode: Mode
  /** Where JSON lines go: log collectors read a container's standard output. */
  readonly jsonTo: 'stdout' | 'stderr'
  /** What is wrong with the environment's settings, in one line. */
  readonly complaint?: string
}

/** What this process should do with its traces: what `SPAN_TREE` says, else what fits the place it runs in. */
export function placeOf(env: Environment, isTerminal: boolean): Place {
  const jsonTo = inCloud(env) ? 'stdout' : 'stderr'
  const wanted = env['SPAN_TREE']?.trim().toLowerCase()
  if (wanted === undefined || wanted === '') return { mode: defaultMode(env, isTerminal), jsonTo }
  if ((MODES as readonly string[]).includes(wanted)) return { mode: wanted as Mode, jsonTo }
  const complaint = `span-tree: SPAN_TREE=${JSON.stringify(env['SPAN_TREE'])} is none of ${MODES.join(', ')}; it is ignored`
  return { mode: defaultMode(env, isTerminal), jsonTo, complaint }
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
