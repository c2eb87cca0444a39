/**
 * For tests of traced programs. Under a test runner traces are recorded: `recorder` holds them, `renderTree` writes them
 * as text for inline snapshots, and `toHaveSpan` and `toMatchTree` compare. Under vitest the matchers are there as soon
 * as this module is imported; elsewhere `expect.extend(spanTreeMatchers)`.
 */
import type { Recorder } from '../exporters/recorder.ts'
import { getRecorder } from '../index.ts'
import { spanTreeMatchers } from './matchers.ts'
import { registerMatchers } from './register.ts'

export { Recorder } from '../exporters/recorder.ts'
export { spanTreeMatchers } from './matchers.ts'
export { type RenderTreeOptions, renderTree } from './render-tree.ts'
export type { ErrorPattern, SpanPattern } from './span-pattern.ts'
export type { Traced } from './traced.ts'
export type { SpanTreeMatchers } from './vitest.ts'

/** The traces of this process, as long as traces are recorded (`SPAN_TREE=record`, or a test runner). */
export const recorder: Recorder = getRecorder()

registerMatchers(spanTreeMatchers)
