import { LEVELS, type Level, type SpanKind } from '../model/index.ts'
import { setOwn } from './values.ts'
import type { WireAttributes } from './wire.ts'

/** Names of OpenTelemetry's semantic conventions 1.44, and of what they have none for, under `span_tree.`. */

export const SCHEMA_URL = 'https://opentelemetry.io/schemas/1.44.0'

/** Their places are OTLP's numbers of kinds. */
export const KINDS: readonly (SpanKind | undefined)[] = [
  undefined,
  'internal',
  'server',
  'client',
  'producer',
  'consumer',
]

/** OTLP's severities of our levels. */
const SEVERITIES = [5, 9, 13, 17, 21]

export function severityNumber(level: Level): number {
  return SEVERITIES[LEVELS.indexOf(level)] ?? 9
}

/** The level of a severity from 1 to 24; `info` where that is unspecified. */
export function levelOf(severity: number): Level {
  if (severity <= 0 || severity > 24) return 'info'
  return LEVELS[Math.max(0, Math.floor((severity - 1) / 4) - 1)] ?? 'info'
}

export const UNSET = 0
export const ERROR = 2

/** Flags of a span: sampled, and that it is known whether its parent is of elsewhere; then, that it is. */
export const SAMPLED = 0x101
export const REMOTE = 0x200

export const OWN = 'span_tree.'
export const TRACE_ID = 'span_tree.trace.id'
export const LATE = 'span_tree.trace.late'
export const SITE_ID = 'span_tree.site.id'
export const FUNCTION_KIND = 'span_tree.function.kind'
export const PARAMETERS = 'span_tree.function.parameters'
/** `started`, where the span was still running. */
export const STATUS = 'span_tree.status'
export const LEVEL = 'span_tree.level'
export const FLOATING = 'span_tree.floating'
export const DROPPED = 'span_tree.dropped.count'
export const QUEUED = 'span_tree.queue.duration'
export const REFERENCES = 'span_tree.references'
export const CALLS = 'span_tree.calls.'
export const SLOW = 'span_tree.slow.'
export const LOGGER = 'span_tree.logger'
export const TEXT = 'span_tree.text'
/** Of an error that was recorded in another span: that span's id, its type and its message. */
export const EXIT_ERROR = 'span_tree.error.reference'
export const ERROR_SPAN = 'span_tree.error.span_id'
/** What the log record of an error says of it: that it left the span. */
export const LEFT = 'span_tree.error.exit'
export const ERROR_ATTRIBUTES = 'span_tree.error.attributes'
export const ERROR_ARGUMENTS = 'span_tree.error.arguments'
export const ERROR_CAUSE = 'span_tree.error.cause'
export const ERROR_ERRORS = 'span_tree.error.errors'

export const EXCEPTION = 'exception'
export const HANDLED = 'span_tree.handled'
/** What other exporters call the text of a status, where nothing else says it. */
export const STATUS_TEXT = 'otel.status_description'

/** The resource's names of tags that have one. */
const RESOURCE_NAMES: Readonly<Record<string, string>> = {
  app: 'service.name',
  service: 'service.name',
  version: 'service.version',
  environment: 'deployment.environment.name',
  host: 'host.name',
}

/** Resource attributes of a program's tags; what has no name among the conventions keeps its own. */
export function resourceOf(
  tags: Readonly<Record<string, string | number | boolean>>,
): Record<string, string | number | boolean> {
  return Object.fromEntries(Object.entries(tags).map(([name, value]) => [RESOURCE_NAMES[name] ?? name, value]))
}

/** Of a program rather than of what exactly it runs on: what differs with each process, or says how it is observed, is no tag. */
const NO_TAGS = /^(telemetry|process|os)\.|^(host\.id|host\.arch|service\.instance\.id)$/
const TAG_NAMES: Readonly<Record<string, string>> = Object.assign(Object.create(null), {
  'service.name': 'app',
  'service.version': 'version',
  'deployment.environment.name': 'environment',
  'deployment.environment': 'environment',
  'host.name': 'host',
})
const MAX_TAGS = 32

/** The tags of a program's resource: the other way round. */
export function tagsOf(resource: WireAttributes): Record<string, string> {
  const tags: Record<string, string> = {}
  for (const [name, value] of Object.entries(resource)) {
    if (NO_TAGS.test(name) || typeof value === 'object') continue
    setOwn(tags, TAG_NAMES[name] ?? name, String(value))
    if (Object.keys(tags).length === MAX_TAGS) break
  }
  return tags
}
