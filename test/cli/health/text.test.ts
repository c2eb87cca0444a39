import { expect, test } from 'vitest'
import { healthText } from '../../../cli/health/health-text.ts'

test('the period is told with its days, since a day begins and ends at one time', () => {
  const report = { traces: [], newErrors: [], recurringErrors: [], slower: [], stopped: [], senders: [] }
  const [since, until] = [new Date(2026, 10, 21, 9, 30), new Date(2026, 10, 22, 9, 30)].map(date => date.toISOString())
  const text = healthText({ ...report, namespace: 'shop', since: since!, until: until!, healthy: true }, 80)
  expect(text.split('\n')[0]).toBe('shop  2026-11-21 09:30:00 – 2026-11-22 09:30:00  ✓ nothing to look at')
  const now = new Date().toISOString()
  const today = healthText({ ...report, namespace: 'shop', since: now, until: now, healthy: true }, 80)
  expect(today).toContain(`– ${new Date().getFullYear()}-`)
})
