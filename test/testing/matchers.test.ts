import { spawnSync } from 'node:child_process'
import { stripVTControlCharacters } from 'node:util'
import { describe, expect, test } from 'vitest'
import { Recorder, recorder, spanTreeMatchers } from '../../runtime/testing/index.ts'
import { error, message, span, tree } from '../support/trees.ts'

const charge = span(
  'charge',
  {
    ms: 12,
    kind: 'client',
    attributes: { amount: 120, card: { last4: '4242' } },
    exitError: error('PaymentError', 'card declined'),
  },
  message('trying'),
)
const order = tree(span('checkout', {}, span('reserve', { attributes: { item: 3 } }), charge))

/** What a failing assertion says, without colours. */
function failure(assertion: () => void): string {
  try {
    assertion()
  } catch (thrown) {
    return stripVTControlCharacters((thrown as Error).message)
  }
  throw new Error('the assertion passed')
}

// Nothing here calls `expect.extend`: importing the entry was enough.
describe('toHaveSpan', () => {
  test('takes a name, an expression, or a pattern', () => {
    expect(order).toHaveSpan('charge')
    expect(order).toHaveSpan(/^res/)
    expect(order).not.toHaveSpan('res')
    expect(order).toHaveSpan({ name: 'charge', status: 'failed', kind: 'client', level: 'info', floating: false })
    expect(order).toHaveSpan({ attributes: { amount: 120 } })
    expect(order).toHaveSpan({ attributes: { card: { last4: '4242' } } })
    expect(order).toHaveSpan({ attributes: { amount: expect.any(Number), card: expect.objectContaining({}) } })
    expect(order).not.toHaveSpan({ attributes: { amount: 120, item: 3 } })
    expect(order).toHaveSpan({ error: 'PaymentError' })
    expect(order).toHaveSpan({ error: /declined/ })
    expect(order).toHaveSpan({ error: { type: 'PaymentError', message: 'card declined' } })
    expect(order).not.toHaveSpan({ name: 'reserve', error: /./ })
    expect(order).toHaveSpan({ message: 'trying', minDuration: 12, maxDuration: 12 })
    expect(order).not.toHaveSpan({ name: 'charge', maxDuration: 11 })
  })

  test('looks into spans, lists and recorders', () => {
    expect(charge).toHaveSpan('charge')
    expect([tree(span('x')), order]).toHaveSpan('reserve')
    const own = new Recorder()
    own.export(order)
    expect(own).toHaveSpan('reserve')
    expect(recorder).not.toHaveSpan('reserve')
  })

  test('says what it looked for and shows where', () => {
    const pattern = {
      name: 'refund',
      status: 'failed',
      attributes: { amount: expect.any(Number) },
      error: /no/,
    } as const
    expect(
      `${failure(() => expect(order).toHaveSpan(pattern))}\n`,
    ).toBe(`expected to find a span named "refund" with status "failed", attributes { amount: Any<Number> }, error /no/ in

  checkout
  ├─ reserve {item=3}
  └─ charge {amount=120 card={"last4":"4242"}} ✗ PaymentError: card declined
     └─ INFO trying
`)
    expect(failure(() => expect(span('a')).not.toHaveSpan('a'))).toBe('expected not to find a span named "a" in\n\n  a')
    expect(failure(() => expect(new Recorder()).toHaveSpan('a'))).toBe(
      'expected to find a span named "a" in\n\n  (no traces)',
    )
  })

  test('refuses keys that it does not know', () => {
    expect(failure(() => expect(order).toHaveSpan({ nme: 'charge' } as never))).toMatch(
      /^a span cannot be matched by "nme": the keys are name, status, /,
    )
  })
})

describe('toMatchTree', () => {
  test('compares with a text that may be indented', () => {
    expect(order).toMatchTree(`
      checkout
      ├─ reserve {item=3}
      └─ charge {amount=120 card={"last4":"4242"}} ✗ PaymentError: card declined
         └─ INFO trying
    `)
    expect(order).toMatchTree('checkout\n├─ reserve\n└─ charge ✗ PaymentError: card declined', {
      attributes: false,
      messages: false,
    })
    expect(order).not.toMatchTree('checkout')
    expect(new Recorder()).toMatchTree('')
  })

  test('shows both trees and the difference', () => {
    const root = span('a', {}, span('b'), span('c'))
    const assertion = (): void =>
      expect(root).toMatchTree(`
        a
        ├─ b
        └─ d
      `)
    expect(failure(assertion)).toBe(`expected this tree

  a
  ├─ b
  └─ d

and it is

  a
  ├─ b
  └─ c

- Expected
+ Received

  a
  ├─ b
- └─ d
+ └─ c`)
    expect(failure(() => expect(root).not.toMatchTree('a\n├─ b\n└─ c'))).toContain('expected another tree than')
  })
})

test('the entry loads where there is no test runner, and its matchers work without one', () => {
  const entry = new URL('../../runtime/testing/index.ts', import.meta.url).href
  const source = `const t = await import(${JSON.stringify(entry)}); console.log(typeof t.recorder.find, Object.keys(t.spanTreeMatchers).join())`
  const { stdout } = spawnSync(process.execPath, ['--no-warnings', '--input-type=module', '--eval', source], {
    encoding: 'utf8',
  })
  expect(stdout).toBe('function toHaveSpan,toMatchTree\n')
  const context = { equals: Object.is }
  expect(spanTreeMatchers.toMatchTree.call(context, order, 'x').message()).toContain('expected this tree\n\n  x')
})
