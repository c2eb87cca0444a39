import { expect, test } from 'vitest'
import { run } from './program.ts'

/** Nothing here is so slow that it would stay for its time: a minute. */
const FAST = '@span({ minDuration: 60_000 }) static'

test('short calls are left out with all that is below them, and every one is counted', async () => {
  const { trees, tree } = await run(`
    import { span } from 'span-tree'
    class C {
      ${FAST} leaf(n) { return n }
      ${FAST} branch(n) { return C.leaf(n) + C.leaf(n) }
    }
    export function main() { return C.branch(1) + C.branch(2) + C.leaf(3) }`)
  expect(tree).toBe('main')
  expect(trees[0]!.root.dropped).toBe(7)
})

test('what failed, or says something, keeps what is above it', async () => {
  const { tree } = await run(`
    import { getLogger, span } from 'span-tree'
    class C {
      ${FAST} above() { C.quiet(); return C.loud() }
      ${FAST} caught() { try { C.failing() } catch { return C.quiet() } }
      ${FAST} failing() { throw new RangeError('no') }
      ${FAST} loud() { getLogger('t').info('here') }
      ${FAST} quiet() { return 1 }
    }
    export function main() { C.above(); C.caught(); C.quiet() }`)
  expect(tree).toMatchInlineSnapshot(`
    "main
    ├─ C.above
    │  └─ C.loud
    │     └─ INFO here
    └─ C.caught
       ├─ C.failing ✗ RangeError: no
       └─ handled RangeError: no"
  `)
})

test('a span that merely ends as an error comes by has not handled it', async () => {
  const { trees, tree } = await run(`
    import { getLogger } from 'span-tree'
    function failing() { throw new RangeError('no') }
    export function main() {
      try { prices() } catch { return 'survived' }
    }
    function prices() {
      using step = getLogger('t').start('look up')
      failing()
    }`)
  expect(tree).toMatchInlineSnapshot(`
    "main
    ├─ prices ↑ RangeError: no
    │  └─ look up
    │     └─ failing ✗ RangeError: no
    └─ handled RangeError: no"
  `)
  expect(trees[0]!.root.handledErrors).toHaveLength(1)
})
