import type { Level, SpanKind, Status } from '../../model/index.ts'
import { LEVELS } from '../../model/index.ts'
import { type KsuidWords, ksuidOf, wordsOf } from '../../model/ksuid.ts'
import { TRACE_STATUSES, type TraceStatus } from '../trace-status.ts'

const KINDS: readonly SpanKind[] = ['internal', 'server', 'client', 'producer', 'consumer']
const STATUSES: readonly Status[] = ['started', 'succeeded', 'failed']

const KIND_NUMBERS: ReadonlyMap<SpanKind, number> = new Map(KINDS.map((kind, i) => [kind, i]))
const STATUS_NUMBERS: ReadonlyMap<Status, number> = new Map(STATUSES.map((status, i) => [status, i]))
const LEVEL_NUMBERS: ReadonlyMap<Level, number> = new Map(LEVELS.map((level, i) => [level, i]))

/** What is small about a span, in one number: two bits of status, three of level, three of kind, three marks. */
export interface SmallFields {
  readonly status: Status
  readonly level: Level
  readonly kind: SpanKind
  readonly floating?: boolean
  readonly late?: boolean
  readonly remote?: boolean
}

export function encodeFlags({ status, level, kind, floating, late, remote }: SmallFields): number {
  const small = (STATUS_NUMBERS.get(status) ?? 0) | ((LEVEL_NUMBERS.get(level) ?? 1) << 2)
  const marks = (floating ? 256 : 0) | (late ? 512 : 0) | (remote ? 1024 : 0)
  return small | ((KIND_NUMBERS.get(kind) ?? 0) << 5) | marks
}

export function decodeFlags(flags: number): SmallFields {
  return {
    status: STATUSES[flags & 3] as Status,
    level: LEVELS[(flags >> 2) & 7] as Level,
    kind: KINDS[(flags >> 5) & 7] as SpanKind,
    ...(flags & 256 && { floating: true }),
    ...(flags & 512 && { late: true }),
    ...(flags & 1024 && { remote: true }),
  }
}

/** A trace's state: its status, and whether it is slow. */
export function encodeState(status: TraceStatus, slow: boolean): number {
  return TRACE_STATUSES.indexOf(status) * 2 + (slow ? 1 : 0)
}

export function decodeState(state: number): { status: TraceStatus; slow: boolean } {
  return { status: TRACE_STATUSES[state >> 1] as TraceStatus, slow: (state & 1) === 1 }
}

/** Span ids are kept as integers, which SQLite has with a sign only. */
export function encodeSpanId(id: string): bigint {
  halves.setUint32(0, Number.parseInt(id.slice(0, 8), 16))
  halves.setUint32(4, Number.parseInt(id.slice(8), 16))
  return halves.getBigInt64(0)
}

/** By halves it takes half as long as by a text of both. */
const halves: DataView = new DataView(new ArrayBuffer(8))

export function decodeSpanId(id: bigint): string {
  return BigInt.asUintN(64, id).toString(16).padStart(16, '0')
}

/** 20 bytes, which sort as their texts do. */
export function encodeTraceId(traceId: string): Buffer {
  const bytes = Buffer.allocUnsafe(20)
  wordsOf(traceId).forEach((word, i) => {
    bytes.writeUInt32BE(word, i * 4)
  })
  return bytes
}

export function decodeTraceId(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return ksuidOf([0, 4, 8, 12, 16].map(at => view.getUint32(at)) as unknown as KsuidWords)
}

const HOUR = 3_600_000_000_000n

/** Hours since the Unix epoch. */
export function hourOf(time: bigint): number {
  return Number(time / HOUR)
}

export function startOfHour(hour: number): bigint {
  return BigInt(hour) * HOUR
}

export function milliseconds(time: bigint): number {
  return Number(time / 1_000_000n)
}
