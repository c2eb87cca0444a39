import { dedent } from './dedent.ts'
import { type RenderTreeOptions, renderTree } from './render-tree.ts'
import { describePattern, type Equals, matches, type SpanPattern } from './span-pattern.ts'
import { allSpans, type Traced } from './traced.ts'

/** What a test framework gives to its matchers: vitest's and Jest's have this in common. */
export interface MatcherContext {
  readonly equals: Equals
  readonly utils?: { diff?(expected: unknown, actual: unknown): string | null | undefined }
}

export interface MatcherResult {
  readonly pass: boolean
  readonly message: () => string
}

/** For `expect.extend(spanTreeMatchers)`. */
export const spanTreeMatchers: {
  toHaveSpan(this: MatcherContext, received: Traced, expected: string | RegExp | SpanPattern): MatcherResult
  toMatchTree(this: MatcherContext, received: Traced, expected: string, options?: RenderTreeOptions): MatcherResult
} = {
  /** Passes when at least one span is like `expected`: its name, or what it has to be like. */
  toHaveSpan(received, expected) {
    const pattern = typeof expected === 'string' || expected instanceof RegExp ? { name: expected } : expected
    const pass = allSpans(received).some(span => matches(span, pattern, this.equals))
    const wish = `expected ${pass ? 'not to find' : 'to find'} ${describePattern(pattern)}`
    return { pass, message: () => `${wish} in\n\n${indented(renderTree(received))}` }
  },

  /** Passes when the tree as `renderTree` writes it is `expected`, whose common indentation does not count. */
  toMatchTree(received, expected, options) {
    const actual = renderTree(received, options).replace(/[ \t]+$/gm, '')
    const wanted = dedent(expected)
    const pass = actual === wanted
    return {
      pass,
      message: () => (pass ? `expected another tree than\n\n${indented(actual)}` : differ(wanted, actual, this)),
    }
  },
}

function differ(expected: string, actual: string, { utils }: MatcherContext): string {
  const trees = `expected this tree\n\n${indented(expected)}\n\nand it is\n\n${indented(actual)}`
  const diff = utils?.diff?.(expected, actual)
  return diff ? `${trees}\n\n${diff}` : trees
}

function indented(text: string): string {
  return (text === '' ? '(no traces)' : text).replace(/^/gm, '  ')
}
