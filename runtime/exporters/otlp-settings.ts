import { type ContentType, JSON_TYPE, PROTOBUF, type RecordsAs, resourceOf, type Signal } from '../../otlp/index.ts'
import type { Environment } from '../settings.ts'
import type { BatchLimits } from './batch.ts'
import type { Compression } from './compression.ts'
import type { Post } from './http-post.ts'
import type { SenderClock } from './sender-clock.ts'

/** What is not given is taken from the environment's `OTEL_` variables, where OpenTelemetry's specification has one. */
export interface OtlpOptions {
  /** Where a collector listens (`http://localhost:4318`); `/v1/traces` and `/v1/logs` are added. */
  readonly endpoint?: string
  /** Whole addresses, in place of `endpoint`. */
  readonly tracesEndpoint?: string
  readonly logsEndpoint?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly protocol?: 'http/protobuf' | 'http/json'
  /** `gzip` unless told. */
  readonly compression?: Compression
  /** Milliseconds for one attempt (10,000). */
  readonly timeout?: number
  /** Milliseconds after which a batch that cannot be delivered is dropped (15 minutes). */
  readonly giveUpAfter?: number
  /**
   * How messages and errors are sent: as log records of their span (`logs`, as the conventions now have it), as events of it, for
   * those who take no logs, or as both.
   */
  readonly recordsAs?: RecordsAs
  /** Resource attributes, over those that the tags make. */
  readonly resource?: Readonly<Record<string, string | number | boolean>>
  /** When a batch is sent: at 2,000 spans, 2 MiB, or after 1,000 ms. */
  readonly batch?: Partial<BatchLimits>
  /** Bytes that may wait while the other side does not take them (32 MiB, for traces and logs each); beyond it the oldest are dropped. */
  readonly maxQueueBytes?: number
  /** @internal In place of Node's HTTP, and of the system's clock. */
  readonly post?: Post
  /** @internal */
  readonly clock?: SenderClock
}

/** For one signal. */
export interface SignalSettings {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly type: ContentType
  readonly compression: Compression
  readonly timeout: number
}

const DEFAULT_ENDPOINT = 'http://localhost:4318'
const DEFAULT_TIMEOUT = 10_000

/** https://opentelemetry.io/docs/specs/otel/protocol/exporter/ */
export function settingsOf(options: OtlpOptions, signal: Signal, env: Environment): SignalSettings {
  const name = signal === 'traces' ? 'TRACES' : 'LOGS'
  const read = (key: string): string | undefined =>
    env[`OTEL_EXPORTER_OTLP_${name}_${key}`] || env[`OTEL_EXPORTER_OTLP_${key}`] || undefined
  const own = signal === 'traces' ? options.tracesEndpoint : options.logsEndpoint
  const timeout = options.timeout ?? Number(read('TIMEOUT'))
  return {
    url: own ?? addressOf(options.endpoint, signal, env),
    headers: { ...pairsIn(read('HEADERS'), true), ...lowerCased(options.headers ?? {}) },
    type: (options.protocol ?? read('PROTOCOL')) === 'http/json' ? JSON_TYPE : PROTOBUF,
    compression: options.compression ?? (read('COMPRESSION') === 'none' ? 'none' : 'gzip'),
    timeout: timeout > 0 ? timeout : DEFAULT_TIMEOUT,
  }
}

/** The address of one signal in the environment is taken as it is. */
function addressOf(endpoint: string | undefined, signal: Signal, env: Environment): string {
  const own = env[`OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_ENDPOINT`]
  if (endpoint === undefined && own) return own
  const base = endpoint ?? (env['OTEL_EXPORTER_OTLP_ENDPOINT'] || DEFAULT_ENDPOINT)
  return `${base.replace(/\/+$/, '')}/v1/${signal}`
}

/** `tags`: of the process. The environment says more than they do, and the options more than both. */
export function resourceAttributes(
  tags: Readonly<Record<string, string>>,
  given: OtlpOptions['resource'],
  env: Environment,
): Record<string, string | number | boolean> {
  const serviceName = env['OTEL_SERVICE_NAME']
  return {
    'service.name': 'unknown_service:node',
    'telemetry.sdk.name': 'span-tree',
    'telemetry.sdk.language': 'nodejs',
    'process.pid': process.pid,
    'process.runtime.name': 'nodejs',
    'process.runtime.version': process.versions.node,
    ...resourceOf(tags),
    ...pairsIn(env['OTEL_RESOURCE_ATTRIBUTES'], false),
    ...(serviceName && { 'service.name': serviceName }),
    ...given,
  }
}

/** `a=1,b=2`, percent-encoded, as in W3C Baggage. */
function pairsIn(text: string | undefined, lower: boolean): Record<string, string> {
  const pairs = (text ?? '').split(',').flatMap((pair): [string, string][] => {
    const at = pair.indexOf('=')
    const name = pair.slice(0, Math.max(at, 0)).trim()
    return name === '' ? [] : [[lower ? name.toLowerCase() : name, decoded(pair.slice(at + 1).trim())]]
  })
  return Object.fromEntries(pairs)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}
