import { type ContentType, PROTOBUF } from './content-type.ts'
import * as json from './json/encode.ts'
import * as protobuf from './protobuf/encode.ts'
import type { Group, RecordOf, Signal } from './wire.ts'

/**
 * Writes a request piece by piece: the records of a trace when it comes, what is around them when the request is sent. A
 * part can be asked for its size before that.
 */
export interface PartEncoder<S extends Signal> {
  part(records: readonly RecordOf<S>[]): Uint8Array
  request(parts: readonly Uint8Array[]): Uint8Array
}

/** `source`: where all records come from. */
export function partEncoder<S extends Signal>(
  type: ContentType,
  signal: S,
  source: Omit<Group<never>, 'records'>,
): PartEncoder<S> {
  return type === PROTOBUF ? protobufParts(signal, source) : jsonParts(signal, source)
}

function protobufParts(signal: Signal, source: Omit<Group<never>, 'records'>): PartEncoder<Signal> {
  const encode = signal === 'traces' ? protobuf.encodeSpans : protobuf.encodeLogs
  return {
    part: records => encode(records as never),
    request: parts => protobuf.encodeParts(parts, source),
  }
}

function jsonParts(signal: Signal, source: Omit<Group<never>, 'records'>): PartEncoder<Signal> {
  const encode = signal === 'traces' ? json.encodeSpans : json.encodeLogs
  const [before, behind] = json.envelope(signal, source)
  const [head, tail] = [Buffer.from(before), Buffer.from(behind)]
  const comma = Buffer.from(',')
  return {
    part: records => Buffer.from(encode(records as never)),
    request(parts) {
      const separated = parts.filter(({ length }) => length > 0).flatMap(part => [comma, part])
      return Buffer.concat([head, ...separated.slice(1), tail])
    },
  }
}
