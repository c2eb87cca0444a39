import { expect, test } from 'vitest'
import { concernsOf } from '../../../cli/health/health-report.ts'
import { healthText } from '../../../cli/health/health-text.ts'

test('the period is told with its days, since a day begins and ends at one time', () => {
  const report = { traces: [], newErrors: [], recurringErrors: [], slower: [], stopped: [], senders: [] }
  const [since, until] = [new Date(2026, 10, 21, 9, 30), new Date(2026, 10, 22, 9, 30)].map(date => date.toISOString())
  const text = healthText({ ...report, namespace: 'shop', since: since!, until: until!, healthy: true }, 80)
  expect(text).toMatch(/^shop {2}2026-11-21 09:30:00 – 2026-11-22 09:30:00\n✓ nothing to look at\n/)
  const now = new Date().toISOString()
  const today = healthText({ ...report, namespace: 'shop', since: now, until: now, healthy: true }, 80)
  expect(today).toContain(`– ${new Date().getFullYear()}-`)
})

test('what there is to look at is said first, in a few words', () => {
  const error = { id: 1, error: 'Declined: no', state: 'new', marks: {}, count: 1, last: '2026-11-20T12:00:00.000Z' }
  const known = { ...error, marks: { severity: 'WARN' } } as const
  const slow = { name: 'f', version: '2', quantile: 'p50', beforeMs: 1, nowMs: 2 } as const
  const concerns = concernsOf({
    traces: [{ status: 'FAIL', now: 3, before: 2 }],
    newErrors: [error, error, known],
    recurringErrors: [{ ...error, state: 'regressed' }],
    slower: [slow],
    stopped: [],
  })
  expect(concerns).toEqual(['more traces fail', '2 new errors', '1 error came back', '1 function is slower'])
})
