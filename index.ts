/**
 * span-tree: every call that matters is a node in a tree. The logger, the `span` decorator, and what becomes of traces.
 */
export { type DecoratorOptions, noSpan, type SpanDecorator, span } from './decorators/index.ts'
export type {
  Attributes,
  AttributeValue,
  ErrorRecord,
  ErrorReference,
  Level,
  Message,
  Site,
  Span,
  SpanTree,
  Status,
} from './model/index.ts'
export { sameTrace, spansOf, w3cTraceId } from './model/index.ts'
export * from './runtime/index.ts'
