import { expect, test } from 'vitest'
import { isHealthy, type ReportedError } from '../../../cli/health/health-report.ts'

type Judged = Parameters<typeof isHealthy>[0]

const NOTHING: Judged = { traces: [], newErrors: [], recurringErrors: [], slower: [], stopped: [] }

function error(given: Partial<ReportedError> = {}): ReportedError {
  return { id: 1, error: 'Declined: no', state: 'new', marks: {}, count: 1, last: '2026-11-20T12:00:00.000Z', ...given }
}

test.each<[string, Partial<Judged>, boolean]>([
  ['nothing at all', {}, true],
  ['as many failures as before', { traces: [{ status: 'FAIL', now: 2, before: 2 }] }, true],
  ['more failures than before', { traces: [{ status: 'FAIL', now: 3, before: 2 }] }, false],
  ['more crashes', { traces: [{ status: 'CRASH', now: 1, before: 0 }] }, false],
  ['more that went well', { traces: [{ status: 'OK', now: 3, before: 2 }] }, true],
  ['a new error', { newErrors: [error()] }, false],
  ['a new error that is archived', { newErrors: [error({ state: 'archived' })] }, true],
  ['a new error of which somebody said WARN', { newErrors: [error({ marks: { severity: 'WARN' } })] }, true],
  ['one of which somebody said ALERT', { newErrors: [error({ marks: { severity: 'ALERT' } })] }, false],
  ['one that is a crash', { newErrors: [error({ marks: { severity: 'OK', crash: true } })] }, false],
  ['a known error', { recurringErrors: [error({ state: 'ongoing' })] }, true],
  ['one that was resolved, and came back', { recurringErrors: [error({ state: 'regressed' })] }, false],
  ['one that comes far more often', { recurringErrors: [error({ state: 'escalating' })] }, false],
  ['a name that does not come any more', { stopped: [{ name: 'report', last: '2026-11-20T12:00:00.000Z' }] }, false],
])('%s', (_, given, healthy) => {
  expect(isHealthy({ ...NOTHING, ...given })).toBe(healthy)
})
