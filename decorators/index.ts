/**
 * `@span` and `@noSpan`, for standard decorators and `experimentalDecorators`. The transformer reads them at compile
 * time and instruments what they mark in place; where there is no transformer they wrap it when the class is made.
 */
export type { DecoratorOptions } from './member-site.ts'
export { noSpan, type SpanDecorator, span } from './span.ts'
