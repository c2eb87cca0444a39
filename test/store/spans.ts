import { newTraceId } from '../../model/index.ts'
import { revisionOf, type SpanBatch, type SpanRecord } from '../../store/index.ts'

/** A time of day when tests happen, in milliseconds. */
export const NOON: number = Date.UTC(2026, 10, 20, 12)

/** Nanoseconds since the Unix epoch, some milliseconds after noon. */
export function at(milliseconds: number): bigint {
  return BigInt(NOON + milliseconds) * 1_000_000n
}

export function traceId(milliseconds = 0): string {
  return newTraceId(NOON + milliseconds)
}

export function spanId(n: number): string {
  return n.toString(16).padStart(16, '0')
}

type Given = Partial<SpanRecord> & { readonly traceId: string }

/** A span that began at noon and took 10 ms, unless told. */
export function span(given: Given): SpanRecord {
  const running = 'endTime' in given && given.endTime === undefined
  const { endTime = at(10), ...rest } = given
  return {
    id: spanId(1),
    name: 'main',
    kind: 'internal',
    startTime: at(0),
    status: running ? 'started' : 'succeeded',
    level: 'info',
    attributes: {},
    messages: [],
    handledErrors: [],
    rev: revisionOf(!running, 1_000n),
    ...rest,
    ...(!running && { endTime }),
  } as SpanRecord
}

/** The same span while it ran. */
export function running(ended: SpanRecord): SpanRecord {
  const { endTime: _, exitError: __, slow: ___, ...rest } = ended
  return { ...rest, status: 'started', rev: revisionOf(false, 500n) }
}

export function failed(given: Given, message = 'no price', type = 'TypeError'): SpanRecord {
  return span({ status: 'failed', exitError: { kind: 'error', type, message, attributes: {} }, ...given })
}

export function batch(
  spans: readonly SpanRecord[],
  tags: SpanBatch['tags'] = { app: 'shop', version: '1.0.0' },
): SpanBatch {
  return { namespace: 'default', tags, spans }
}

export function site(name: string, line = 1): NonNullable<SpanRecord['site']> {
  return {
    id: `src/${name}.ts#${name}`,
    name,
    functionKind: 'function',
    file: `src/${name}.ts`,
    line,
    column: 1,
    parameters: [],
    options: {},
  }
}
