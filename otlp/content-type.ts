/** The two ways in which OTLP is written over HTTP. */
export const PROTOBUF = 'application/x-protobuf'
export const JSON_TYPE = 'application/json'
export type ContentType = typeof PROTOBUF | typeof JSON_TYPE
