import { describe, expect, test } from 'vitest'
import { Recorder } from '../../runtime/exporters/recorder.ts'
import { renderTree } from '../../runtime/testing/index.ts'
import { crossing, error, message, said, span, tree } from '../support/trees.ts'

function order() {
  const coupon = span('applyCoupon', { at: 2, exitError: error('CouponError', 'expired') })
  const charge = span('charge', {
    at: 4,
    ms: 1.5,
    exitError: error('PaymentError', 'declined', { stack: 'x\n  at y' }),
  })
  return tree(
    span(
      'checkout',
      {
        ms: 10,
        attributes: { order: 7, note: 'two words' },
        exitError: crossing(charge),
        handledErrors: [crossing(coupon)],
      },
      span('reserve', { at: 1, attributes: { item: 3 }, dropped: 4 }, said('info', 'picked up', 1, { orderId: 7 })),
      coupon,
      charge,
      span('mail', { at: 6, ms: null, floating: true, site: null }),
      message('gave up\non line 2', 8, { level: 'error', error: error('string', '') }),
    ),
  )
}

describe('renderTree', () => {
  test('is the same text in every run', () => {
    expect(renderTree(order())).toMatchInlineSnapshot(`
      "checkout {order=7 note="two words"} ↑ PaymentError: declined
      ├─ reserve {item=3}
      │  └─ INFO picked up {orderId=7}
      ├─ applyCoupon ✗ CouponError: expired
      ├─ handled CouponError: expired
      ├─ charge ✗ PaymentError: declined
      ├─ mail … still running
      └─ ERROR gave up\\non line 2 ✗ string"
    `)
  })

  test('shows more or less where asked to', () => {
    const options = { locations: true, durations: true, attributes: false, messages: false }
    expect(`\n${renderTree(order(), options)}`).toBe(`
checkout 10.0 ms ↑ PaymentError: declined (src/order.ts:1:1)
├─ reserve 1.00 ms (src/order.ts:1:1)
├─ applyCoupon 1.00 ms ✗ CouponError: expired (src/order.ts:1:1)
├─ handled CouponError: expired
├─ charge 1.50 ms ✗ PaymentError: declined (src/order.ts:1:1)
└─ mail … still running`)
    expect(renderTree(span('a'), { locations: 'file' })).toBe('a (src/order.ts)')
  })

  test('takes a span, a list, or a recorder, and spells out what is grouped for people', () => {
    const calls = span('loop', {}, ...Array.from({ length: 5 }, () => span('call')))
    expect(renderTree(calls).split('\n')).toHaveLength(6)
    expect(renderTree([tree(span('a')), span('b')])).toBe('a\nb')
    const recorder = new Recorder()
    expect(renderTree(recorder)).toBe('')
    recorder.export(tree(span('c')))
    expect(renderTree(recorder)).toBe('c')
    expect(() => renderTree(undefined as never)).toThrow('expected a trace, a span, a list of these, or a recorder')
  })
})
