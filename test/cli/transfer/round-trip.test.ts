import { describe, expect, test } from 'vitest'
import type { Span, SpanTree } from '../../../model/index.ts'
import { recordsOf } from '../../../store/index.ts'
import { crossing, EPOCH, error, message, span, tree } from '../../support/trees.ts'
import { exported, imported, newSession } from './transfer.ts'

type Tags = Readonly<Record<string, string>>

/** Everything that a span can have. */
function trees(): [SpanTree, Tags][] {
  const cause = error('Timeout', 'after 5 s', { stack: 'Timeout: after 5 s\n    at wait (net.js:1:2)' })
  const declined = error('Declined', 'card "4242"\ndeclined', {
    attributes: { code: 7 },
    arguments: { total: 9, cards: [{ number: '…' }] },
    cause,
    errors: [error('string', 'again')],
  })
  const charge = span('charge', { at: 2, ms: 8.000001, exitError: declined, level: 'error', kind: 'client' })
  const log = span('log', { at: 3.25, ms: 9, site: null, queueDuration: 12n, slow: { p50: 1n, p99: 2n } })
  const batch = span('batch', { at: 4, ms: 1, calls: statistics(), dropped: 3 })
  const links = [{ traceId: '3MTTjGrPwvLdRU3rwJrQuGYdjPQ', spanId: '00000000000000aa', attributes: { why: 'retry' } }]
  const messages = [
    message('2 items', 1.5, { attributes: { order: 'A-4711' }, logger: 'shop' }),
    message('odd', 5, { level: 'warning', error: error('TypeError', 'x is not a function') }),
  ]
  const root = span(
    'checkout',
    { ms: 20, handledErrors: [crossing(charge)], attributes: { user: { id: 7, roles: ['a'] } }, links },
    charge,
    log,
    batch,
    ...messages,
  )
  const running = span(
    'poll',
    { at: 30, ms: null, references: [{ id: 'r1', role: 'source' }] },
    span('wait', { at: 31 }),
  )
  const floating = span('flush', { at: 25, ms: 100, parentId: root.id, floating: true })
  const first = tree(linked(root))
  const far = span('far', { at: 200 * 86_400_000 + 0.000_001, ms: 0.000_003 })
  return [
    [first, { app: 'shop', note: 'two words=2' }],
    [tree(linked(floating), { traceId: first.traceId, late: true }), { app: 'shop', note: 'two words=2' }],
    [tree(linked(running), { remote: true }), { app: 'worker' }],
    [tree(far), {}],
  ]
}

function statistics(): NonNullable<Span['calls']> {
  return { count: 5, failed: 1, total: 50n, min: 1n, max: 30n, p50: 9n, p99: 29n }
}

/** Children that say who their parent is, as the runtime's do. */
function linked(parent: Span): Span {
  return { ...parent, children: parent.children.map(child => linked({ ...child, parentId: parent.id })) }
}

describe('of what is exported for profilers, an import makes the same again', () => {
  test.each(['chrome', 'speedscope'] as const)('%s', async format => {
    const first = newSession()
    for (const [each, tags] of trees())
      await first.client.write({ namespace: 'default', tags, spans: recordsOf(each, EPOCH / 1_000n) })
    // An import writes the fields of errors in an order of its own.
    const { session } = await imported(await exported(first, 'json'))
    const text = await exported(session, format)
    const copy = await imported(text)
    expect(copy.said).toEqual(['8 spans of 3 traces kept.'])
    expect(await exported(copy.session, 'json')).toBe(await exported(session, 'json'))
    expect(await exported(copy.session, format)).toBe(text)
  })
})
