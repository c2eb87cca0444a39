/**
 * span-tree: every call that matters is a node in a tree. The logger, the `span` decorator, and what becomes of traces.
 */
export { type DecoratorOptions, noSpan, type SpanDecorator, span } from './decorators/index.ts'
export type {
  Attributes,
  AttributeValue,
  CallStatistics,
  ErrorRecord,
  ErrorReference,
  Level,
  Message,
  MessageReference,
  Site,
  SlowMark,
  Span,
  SpanContext,
  SpanLink,
  SpanTree,
  Status,
} from './model/index.ts'
export { sameTrace, spansOf, w3cTraceId } from './model/index.ts'
export * from './runtime/index.ts'
