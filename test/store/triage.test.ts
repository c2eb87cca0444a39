import { describe, expect, test } from 'vitest'
import { decodeMarks, encodeMarks, traceStatus } from '../../store/trace-status.ts'
import { afterOccurrence, compareVersions, type Handling, type Marks, stateOf, UNRESOLVED } from '../../store/triage.ts'

const DAY = 86_400_000
const once = { time: 1_000, inHour: 1 }

describe('what an occurrence makes of a decision', () => {
  const resolved: Handling = { kind: 'resolved', at: 1_000 }

  test.each<[string, Handling, Parameters<typeof afterOccurrence>[1], Handling | 'stays']>([
    ['unresolved stays so', UNRESOLVED, once, 'stays'],
    ['what happened before it was resolved is no regression', resolved, { ...once, time: 1_000 }, 'stays'],
    [
      'what happened after it is',
      resolved,
      { ...once, time: 1_001 },
      { kind: 'unresolved', again: { why: 'regressed', at: 1_001 } },
    ],
    [
      'an older version is none',
      { ...resolved, version: '2.0.0' },
      { ...once, time: 2_000, version: '1.9.9' },
      'stays',
    ],
    ['an unknown version is none', { ...resolved, version: '2.0.0' }, { ...once, time: 2_000 }, 'stays'],
    [
      'that version is',
      { ...resolved, version: '2.0.0' },
      { ...once, time: 2_000, version: '2.0.0' },
      { kind: 'unresolved', again: { why: 'regressed', at: 2_000 } },
    ],
    ['archived for ever', { kind: 'archived', until: { kind: 'forever' } }, { ...once, inHour: 1e6 }, 'stays'],
    [
      'archived until three more',
      { kind: 'archived', until: { kind: 'count', more: 3 } },
      once,
      { kind: 'archived', until: { kind: 'count', more: 2 } },
    ],
    [
      'the last of them',
      { kind: 'archived', until: { kind: 'count', more: 1 } },
      once,
      { kind: 'unresolved', again: { why: 'escalating', at: 1_000 } },
    ],
    ['archived until a date', { kind: 'archived', until: { kind: 'date', at: 1_000 } }, once, 'stays'],
    ['after that date', { kind: 'archived', until: { kind: 'date', at: 999 } }, once, UNRESOLVED],
    [
      'not thrice as many as usual',
      { kind: 'archived', until: { kind: 'escalating', usual: 10 } },
      { ...once, inHour: 29 },
      'stays',
    ],
    [
      'thrice as many',
      { kind: 'archived', until: { kind: 'escalating', usual: 10 } },
      { ...once, inHour: 30 },
      { kind: 'unresolved', again: { why: 'escalating', at: 1_000 } },
    ],
    [
      'thrice next to nothing',
      { kind: 'archived', until: { kind: 'escalating', usual: 1 } },
      { ...once, inHour: 9 },
      'stays',
    ],
  ])('%s', (_, handling, occurrence, expected) => {
    expect(afterOccurrence(handling, occurrence)).toEqual(expected === 'stays' ? handling : expected)
  })
})

test.each<[string, Handling, number]>([
  ['new', UNRESOLVED, 0],
  ['new', UNRESOLVED, 7 * DAY - 1],
  ['ongoing', UNRESOLVED, 7 * DAY],
  ['regressed', { kind: 'unresolved', again: { why: 'regressed', at: 9 * DAY } }, 10 * DAY],
  ['ongoing', { kind: 'unresolved', again: { why: 'regressed', at: 9 * DAY } }, 16 * DAY],
  ['archived', { kind: 'archived', until: { kind: 'date', at: 9 * DAY } }, 9 * DAY],
  ['ongoing', { kind: 'archived', until: { kind: 'date', at: 9 * DAY } }, 9 * DAY + 1],
  ['resolved', { kind: 'resolved', at: 1 }, 100 * DAY],
])('%s', (state, handling, now) => {
  expect(stateOf(handling, 0, now)).toBe(state)
})

test('versions in order', () => {
  const ordered = ['0.9', '1.0.0-alpha.2', '1.0.0-alpha.10', '1.0.0', 'v1.2', '1.10.0', '2.0.0+build', '10.0.0']
  expect([...ordered].reverse().sort(compareVersions)).toEqual(ordered)
  expect(compareVersions('1.0', '1.0.0')).toBe(0)
  expect(Math.sign(compareVersions('abc', 'abd'))).toBe(-1)
})

describe('the status of a trace', () => {
  const root = (failed: boolean, ended = true): Parameters<typeof traceStatus>[0] => ({ ended, failed, errorSpan: 'e' })
  const error = (marks: Marks, spanId = 'e', exit = true): Parameters<typeof traceStatus>[1][number] => ({
    spanId,
    exit,
    marks,
  })

  test.each<[string, ReturnType<typeof root>, ReturnType<typeof error>[]]>([
    ['running', root(false, false), []],
    ['OK', root(false), []],
    ['OK', root(false), [error({})]],
    ['FAIL', root(true), []],
    ['FAIL', root(true), [error({})]],
    ['OK', root(true), [error({ severity: 'OK' })]],
    ['OK', root(true), [error({ severity: 'WARN' })]],
    ['OK', root(true), [error({ silenced: true })]],
    ['FAIL', root(true), [error({ silenced: true }, 'other')]],
    ['FAIL', root(true), [error({ silenced: true }, 'e', false)]],
    ['FAIL', root(true), [error({}), error({ silenced: true })]],
    ['FAIL', root(false), [error({ severity: 'ALERT' }, 'other', false)]],
    ['FAIL', root(false, false), [error({ severity: 'ALERT' })]],
    ['CRASH', root(false), [error({ crash: true }, 'other')]],
    ['CRASH', root(true), [error({ severity: 'OK', crash: true })]],
    ['OK', root(true), [error({ crash: true, silenced: true })]],
  ])('%s', (status, outcome, errors) => {
    expect(traceStatus(outcome, errors)).toBe(status)
  })
})

test('marks go through one number', () => {
  for (const severity of [undefined, 'OK', 'WARN', 'ALERT'] as const)
    for (const crash of [true, false])
      for (const silenced of [true, false]) {
        const marks = { ...(severity && { severity }), ...(crash && { crash }), ...(silenced && { silenced }) }
        expect(decodeMarks(encodeMarks(marks))).toEqual(marks)
      }
})
