import { describe, expect, test } from 'vitest'
import { momentAt, momentText, parseSpan } from '../../../cli/query/moment.ts'
import { table } from '../../../cli/query/table.ts'

const plain = (text: string): string => text
const COLUMNS = [
  { title: 'Id', align: 'right' },
  { title: 'Name', flexible: true },
  { title: 'Note', flexible: true },
] as const
const rows = (...texts: string[][]): { text: string }[][] => texts.map(row => row.map(text => ({ text })))

describe('a table', () => {
  test('is as wide as it has to be', () => {
    expect(table(COLUMNS, rows(['1', 'tea', 'hot'], ['12', '茶', '']), 80, plain)).toBe(
      'Id  Name  Note\n 1  tea   hot\n12  茶\n',
    )
  })

  test('is cut where it would be too wide, the longest first', () => {
    const text = table(COLUMNS, rows(['1', 'x'.repeat(50), 'short']), 40, plain)
    expect(text.split('\n')[1]).toBe(` 1  ${'x'.repeat(28)}…  short`)
  })

  test('leaves out what is expendable where there is no room', () => {
    const columns = [
      { title: 'Id' },
      { title: 'Tags', flexible: true, expendable: true },
      { title: 'Name', flexible: true },
    ]
    const wide = rows(['x'.repeat(20), 'some tags here', 'some name here'])
    expect(table(columns, wide, 52, plain)).toContain('some tags here  some name here\n')
    expect(table(columns, wide, 50, plain)).toBe(`Id${' '.repeat(20)}Name\n${'x'.repeat(20)}  some name here\n`)
  })

  test('and where a name would be left with less than 24 columns', () => {
    const columns = [
      { title: 'Tags', flexible: true, expendable: true },
      { title: 'Name', flexible: true },
    ]
    const long = rows(['t'.repeat(30), 'n'.repeat(60)])
    expect(table(columns, long, 50, plain)).toContain(`${'t'.repeat(23)}…  ${'n'.repeat(23)}…\n`)
    expect(table(columns, long, 48, plain)).toContain(`\n${'n'.repeat(47)}…\n`)
  })

  test('leaves out what is expendable where nothing is in it', () => {
    const columns = [{ title: 'Id' }, { title: 'Note', expendable: true }, { title: 'Name' }]
    expect(table(columns, rows(['1', '', 'tea'], ['2', '', '']), 80, plain)).toBe('Id  Name\n1   tea\n2\n')
    expect(table(columns, rows(['1', '', 'tea'], ['2', 'hot', '']), 80, plain)).toContain('Note')
  })

  test('shows what a program said as text', () => {
    expect(table(COLUMNS, rows(['1', 'a\nb\u001B[31m', '']), 80, plain)).toContain(' 1  a\\nb\\x1b[31m\n')
  })
})

test.each([
  ['90s', 90_000],
  ['5min', 300_000],
  ['2h', 7_200_000],
  ['1.5d', 129_600_000],
  ['1w', 604_800_000],
  ['5', undefined],
  ['h', undefined],
  ['5y', undefined],
])('%s is so long', (text, expected) => {
  expect(parseSpan(text)).toBe(expected)
})

test('moments', () => {
  const now = Date.UTC(2026, 10, 22, 12)
  expect(momentAt('2h', now)).toBe(now - 7_200_000)
  expect(momentAt('2026-11-22T10:00Z', now)).toBe(now - 7_200_000)
  expect(momentAt('2026-11-22', now)).toBe(new Date(2026, 10, 22).getTime())
  expect(momentAt('yesterday', now)).toBeUndefined()
  expect(momentText(new Date(2026, 10, 21, 9, 8, 7).getTime(), new Date(2026, 10, 22, 9).getTime())).toBe(
    '2026-11-21 09:08:07',
  )
  expect(momentText(new Date(2026, 10, 22, 9, 8, 7).getTime(), new Date(2026, 10, 22, 9).getTime())).toBe('09:08:07')
})
