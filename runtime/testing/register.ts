/** Where vitest keeps the `expect` of a test process, whether or not it is also a global. */
const VITEST_EXPECT: unique symbol = Symbol.for('expect-global')

type Expect = { readonly extend?: (matchers: object) => void }

/**
 * Adds matchers to the `expect` of the test runner that this process runs under, if there is one that can be found
 * without importing it. Never throws: where it finds none, tests say `expect.extend(spanTreeMatchers)` themselves.
 */
export function registerMatchers(matchers: object): void {
  const globals = globalThis as { readonly [VITEST_EXPECT]?: Expect; readonly expect?: Expect }
  try {
    const expect = globals[VITEST_EXPECT] ?? globals.expect
    expect?.extend?.(matchers)
  } catch {
    // The runner's `expect` is not of the kind that takes matchers.
  }
}
