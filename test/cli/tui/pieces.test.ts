import { describe, expect, test } from 'vitest'
import { editorCommand } from '../../../cli/tui/editor.ts'
import { NO_FILTER, parsedQuery, queryText, storeFilter } from '../../../cli/tui/filter.ts'
import { keysOf } from '../../../cli/tui/keys.ts'
import { shortMoment } from '../../../cli/tui/moments.ts'
import { moved, within } from '../../../cli/tui/scroll.ts'
import { fieldOf, type TextField, typedInto } from '../../../cli/tui/text-field.ts'
import { timeBar, timeMark } from '../../../cli/tui/time-bar.ts'

describe('editors are told of the place in their own way', () => {
  const place = { path: '/shop/src/pay.ts', line: 30, column: 3 }

  test.each([
    ['vim', ['vim', '+call cursor(30,3)', place.path]],
    ['/usr/bin/nvim -R', ['/usr/bin/nvim', '-R', '+call cursor(30,3)', place.path]],
    ['emacs -nw', ['emacs', '-nw', '+30:3', place.path]],
    ['nano', ['nano', '+30,3', place.path]],
    ['code --wait', ['code', '-g', `${place.path}:30:3`]],
    ['cursor', ['cursor', '-g', `${place.path}:30:3`]],
    ['subl -w', ['subl', '-w', `${place.path}:30:3`]],
    ['hx', ['hx', `${place.path}:30:3`]],
    ['zed', ['zed', `${place.path}:30:3`]],
    ['webstorm', ['webstorm', '--line', '30', place.path]],
    ['"/opt/my editor/ed"', ['/opt/my editor/ed', '+30', place.path]],
  ])('%s', (EDITOR, expected) => {
    expect(editorCommand({ EDITOR }, place)).toEqual(expected)
  })

  test('$VISUAL goes first', () => {
    expect(editorCommand({ EDITOR: 'nano', VISUAL: 'hx' }, place)[0]).toBe('hx')
  })
})

describe('query line', () => {
  test.each([
    ['app=shop', { tags: { app: 'shop' }, words: '' }],
    ['app="my shop" tea', { tags: { app: 'my shop' }, words: 'tea' }],
    ['card "takes no"', { tags: {}, words: 'card "takes no"' }],
    ['status:fail,crash speed:slow', { statuses: ['FAIL', 'CRASH'], speed: 'slow' }],
    ['status:nosuch', { words: 'status:nosuch' }],
    ['since:2h', { period: { label: 'last 2h', ago: 7_200_000 } }],
  ])('%s', (text, expected) => {
    expect(parsedQuery(text, NO_FILTER)).toMatchObject(expected)
  })

  test('is written again as it was read', () => {
    const text = 'app="my shop" version=1.0.0 "two words" tea'
    expect(queryText(parsedQuery(text, NO_FILTER))).toBe(text)
  })

  test('a time ago is one of now', () => {
    const filter = parsedQuery('since:1h app=shop', NO_FILTER)
    expect(storeFilter(filter, 7_200_000)).toEqual({ tags: { app: 'shop' }, since: 3_600_000_000_000n })
  })
})

describe('keys', () => {
  const none = {
    ctrl: false,
    meta: false,
    shift: false,
    tab: false,
    upArrow: false,
    downArrow: false,
    leftArrow: false,
    rightArrow: false,
    pageDown: false,
    pageUp: false,
    home: false,
    end: false,
    return: false,
    escape: false,
    backspace: false,
    delete: false,
  }

  test.each([
    ['j', {}, ['j']],
    ['jj\r', {}, ['j', 'j', 'enter']],
    ['d', { ctrl: true }, ['ctrl-d']],
    ['', { downArrow: true }, ['down']],
    ['', { tab: true, shift: true }, ['shift-tab']],
    ['q', { meta: true }, ['escape', 'q']],
  ])('%j %j', (input, flags, expected) => {
    expect(keysOf(input, { ...none, ...flags })).toEqual(expected)
  })
})

describe('a line that is written', () => {
  function typed(text: string, ...keys: readonly string[]): TextField {
    return keys.reduce((field, key) => typedInto(field, key) ?? field, fieldOf(text))
  }

  test.each([
    ['te', ['a'], 'tea|'],
    ['tea', ['left', 'backspace'], 't|a'],
    ['two words', ['ctrl-w'], 'two |'],
    ['two words', ['ctrl-a', 'x'], 'x|two words'],
    ['two words', ['home', 'right', 'ctrl-k'], 't|'],
    ['two words', ['ctrl-u'], '|'],
    ['👍', ['backspace'], '|'],
    ['👍', ['left', 'right', 'down'], '👍|'],
  ])('%s %j', (text, keys, expected) => {
    const field = typed(text, ...keys)
    expect(`${field.text.slice(0, field.at)}|${field.text.slice(field.at)}`).toBe(expected)
  })
})

describe('scrolling', () => {
  test('the chosen row is on the screen, with two around it where there are', () => {
    for (const [count, height] of [
      [0, 5],
      [3, 10],
      [100, 1],
      [100, 2],
      [100, 10],
    ] as const) {
      for (let cursor = -1; cursor <= count; cursor++) {
        for (const top of [0, 50, 1_000]) {
          const scroll = within({ cursor, top }, count, height)
          expect(scroll.cursor).toBe(Math.max(0, Math.min(cursor, count - 1)))
          expect(scroll.cursor - scroll.top).toBeGreaterThanOrEqual(0)
          expect(scroll.cursor - scroll.top).toBeLessThan(height)
          expect(scroll.top).toBeLessThanOrEqual(Math.max(0, count - height))
        }
      }
    }
  })

  test.each([
    ['ctrl-d', 15],
    ['ctrl-u', 5],
    ['pagedown', 20],
    ['G', 99],
    ['g', 0],
    ['x', undefined],
  ])('%s', (key, expected) => {
    expect(moved({ cursor: 10, top: 5 }, key, 100, 10)?.cursor).toBe(expected)
  })
})

test.each([
  [{ from: 0, to: 1 }, '━━━━━━━━'],
  [{ from: 0, to: 0.5 }, '━━━━    '],
  [{ from: 0.0625, to: 0.5625 }, '╺━━━╸   '],
  [{ from: 0.5, to: 0.5 }, '    ╸   '],
  [{ from: 1, to: 1 }, '       ╺'],
  [{ from: -3, to: 7 }, '━━━━━━━━'],
])('a bar of %j', (stretch, expected) => {
  expect(timeBar(stretch, 8)).toBe(expected)
})

test('a mark stands where its moment is', () => {
  expect([0, 0.5, 1, 9].map(at => timeMark(at, 4, '•'))).toEqual(['•   ', '  • ', '   •', '   •'])
})

test('moments of other days say the day', () => {
  const now = new Date(2026, 10, 22, 16, 0, 0).getTime()
  const of = (...at: [number, number, number, number, number, number]): string =>
    shortMoment(new Date(...at).getTime(), now)
  expect(of(2026, 10, 22, 15, 4, 5)).toBe('15:04:05')
  expect(of(2026, 10, 21, 15, 4, 5)).toBe('11-21 15:04')
  expect(of(2025, 11, 31, 15, 4, 5)).toBe('2025-12-31')
  expect(shortMoment(Number.NaN, now)).toBe('?')
})
