import { existsSync } from 'node:fs'

/** What becomes of traces. */
export type Mode = 'terminal' | 'json' | 'record' | 'off'

/** The environment's variables. */
export type Environment = { readonly [name: string]: string | undefined }

const MODES: readonly Mode[] = ['terminal', 'json', 'record', 'off']

/** Where traces go to be kept. */
export interface Destination {
  readonly kind: 'receiver' | 'store' | 'otlp'
  /** URL of a receiver or a collector, file of a store; undefined where OpenTelemetry's variables name the collector. */
  readonly at: string | undefined
  /** As the environment has it. */
  readonly text: string
}

export interface Place {
  /** None where traces only go to destinations. */
  readonly modes: readonly Mode[]
  readonly destinations: readonly Destination[]
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
  const destinations = named.flatMap(destinationOf)
  if (named.length > 0 && named.every(each => isMode(each) || destinationOf(each).length > 0))
    return { modes, destinations, jsonTo }
  const place: Place = { modes: [defaultMode(env, isTerminal)], destinations: [], jsonTo }
  if (named.length === 0) return place
  const given = JSON.stringify(env['SPAN_TREE'])
  return {
    ...place,
    complaint: `span-tree: SPAN_TREE=${given} is none of ${MODES.join(', ')} and no address; it is ignored`,
  }
}

/** Whether `SPAN_TREE` asks for no traces. */
export function isOff(env: Environment): boolean {
  return env['SPAN_TREE'] !== undefined && placeOf(env, false).modes.includes('off')
}

function isMode(text: string): boolean {
  return (MODES as readonly string[]).includes(text.toLowerCase())
}

/** One, or none. */
function destinationOf(text: string): Destination[] {
  const file = /^sqlite:(.+)$/i.exec(text)?.[1]
  if (file !== undefined) return [{ kind: 'store', at: file, text }]
  if (/^otlp$/i.test(text)) return [{ kind: 'otlp', at: undefined, text }]
  const collector = /^otlp:(.+)$/i.exec(text)?.[1]
  const at = collector === undefined ? text : collector.replace(/^\/\/([^/]+)/, (_, host) => `http://${withPort(host)}`)
  const isUrl = /^https?:\/\/./i.test(at) && URL.canParse(at)
  return isUrl ? [{ kind: collector === undefined ? 'receiver' : 'otlp', at, text }] : []
}

/** Collectors listen for HTTP on 4318. */
function withPort(host: string): string {
  return /:\d+$/.test(host) ? host : `${host}:4318`
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
