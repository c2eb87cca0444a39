import { readSpan } from '../../receiver/span-reader.ts'
import { issueOfSpan } from '../../receiver/span-schema.ts'
import { revisionOf, type SpanRecord } from '../../store/span-record.ts'

export type Json = { readonly [name: string]: unknown }

/** A span as docs/receiver-protocol.md has it, or what is wrong with it. */
export function spanOfJson(json: Json): SpanRecord | string {
  return readSpan(json) ?? issueText(json)
}

/** With the last time in it as its revision, so that the same gives the same. */
export function spanOfFields(fields: Json): SpanRecord | string {
  const { startTime, endTime, messages } = fields
  const times = [startTime, endTime, ...(Array.isArray(messages) ? messages.map(each => each?.time) : [])]
  const updated = times.reduce((last: bigint, time) => later(last, timeOf(time)), 0n)
  return spanOfJson({ ...fields, rev: String(revisionOf(endTime !== undefined, updated / 1_000n)) })
}

/** Nanoseconds; 0 where it is no time. */
export function timeOf(value: unknown): bigint {
  return typeof value === 'string' && /^\d{1,19}$/.test(value) ? BigInt(value) : 0n
}

export function later(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function issueText(json: Json): string {
  const { path = '', message = 'not a span' } = issueOfSpan(json) ?? {}
  return path === '' ? message : `${path}: ${message}`
}
