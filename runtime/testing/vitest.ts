import type {} from 'vitest'
import type { RenderTreeOptions } from './render-tree.ts'
import type { SpanPattern } from './span-pattern.ts'

/** What `expect` gains. */
export interface SpanTreeMatchers<R> {
  /** At least one span has this name, or is like this pattern. */
  toHaveSpan(expected: string | RegExp | SpanPattern): R
  /** The tree, as `renderTree` writes it, is this text; the text's common indentation does not count. */
  toMatchTree(expected: string, options?: RenderTreeOptions): R
}

// Types only: nothing of vitest is loaded. The parameters are those of vitest's own declaration: an interface that is
// declared twice must have the same ones.
declare module 'vitest' {
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> extends SpanTreeMatchers<R> {}
}
