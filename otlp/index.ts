/**
 * The OpenTelemetry protocol, and the only place that knows it. `wire.ts` is what it says, `protobuf/` and `json/` how that is written and read,
 * `from-tree.ts` and `to-tree.ts` how it stands to our trees, and `conventions.ts` the names of attributes.
 */
import { type ContentType, PROTOBUF } from './content-type.ts'
import * as json from './json/decode.ts'
import {
  encodeRequest as encodeJson,
  encodeAnswer as encodeJsonAnswer,
  encodeStatus as encodeJsonStatus,
} from './json/encode.ts'
import * as protobuf from './protobuf/decode.ts'
import {
  encodeRequest as encodeProtobuf,
  encodeAnswer as encodeProtobufAnswer,
  encodeStatus as encodeProtobufStatus,
} from './protobuf/encode.ts'
import type { Group, PartialSuccess, RecordOf, Signal, WireLog, WireSpan } from './wire.ts'

export { type ContentType, JSON_TYPE, PROTOBUF } from './content-type.ts'
export { resourceOf, SCHEMA_URL, tagsOf } from './conventions.ts'
export { type EndOf, type RecordsAs, type WireTree, wireSpanAlone, wireTree } from './from-tree.ts'
export { type PartEncoder, partEncoder } from './parts.ts'
export { SpanForm } from './protobuf/span-form.ts'
export { type FromWire, treesOf } from './to-tree.ts'
export type * from './wire.ts'
export { OtlpError } from './wire.ts'

/** An export request as it is sent: resources, their scopes, their records. */
export function encodeRequest(
  type: ContentType,
  signal: Signal,
  groups: readonly Group<WireSpan | WireLog>[],
): Uint8Array {
  return type === PROTOBUF ? encodeProtobuf(signal, groups) : utf8(encodeJson(signal, groups))
}

/** An export request. Unknown fields are ignored. Throws an `OtlpError` for what is none, or is nested too deep. */
export function decodeRequest<S extends Signal>(type: ContentType, signal: S, body: Uint8Array): Group<RecordOf<S>>[] {
  return type === PROTOBUF ? protobuf.decodeRequest(signal, body) : json.decodeRequest(signal, textOf(body))
}

/** The answer to an export request. */
export function encodeAnswer(type: ContentType, signal: Signal, partial: PartialSuccess): Uint8Array {
  return type === PROTOBUF ? encodeProtobufAnswer(partial) : utf8(encodeJsonAnswer(signal, partial))
}

/** What the other side did not take. Throws an `OtlpError` for what is no answer. */
export function decodeAnswer(type: ContentType, signal: Signal, body: Uint8Array): PartialSuccess {
  return type === PROTOBUF ? protobuf.decodeAnswer(body) : json.decodeAnswer(signal, textOf(body))
}

/** The answer to a request that is refused as a whole: a `google.rpc.Status`. `code`: 3 for what is no OTLP. */
export function encodeStatus(type: ContentType, code: number, message: string): Uint8Array {
  return type === PROTOBUF ? encodeProtobufStatus(code, message) : utf8(encodeJsonStatus(code, message))
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

function textOf(body: Uint8Array): string {
  return new TextDecoder().decode(body)
}
