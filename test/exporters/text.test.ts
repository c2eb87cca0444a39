import { describe, expect, test } from 'vitest'
import { attributeText, valueText } from '../../runtime/exporters/attribute-text.ts'
import { formatDuration } from '../../runtime/exporters/duration.ts'
import { Locator } from '../../runtime/exporters/locator.ts'
import { printable } from '../../runtime/exporters/printable.ts'
import { textWidth, truncate, truncateStart, wrap } from '../../runtime/exporters/text-width.ts'
import { span } from '../support/trees.ts'

describe('durations', () => {
  test.each([
    [0n, '0.00 µs'],
    [850n, '0.85 µs'],
    [12_345n, '12.3 µs'],
    [999_400n, '999 µs'],
    [999_600n, '1.00 ms'],
    [9_996_000n, '10.0 ms'],
    [99_960_000n, '100 ms'],
    [1_234_000_000n, '1.23 s'],
    [59_940_000_000n, '59.9 s'],
    [59_980_000_000n, '1.00 min'],
    [3_599_000_000_000n, '1.00 h'],
    [90_000_000_000n, '1.50 min'],
    [360_000_000_000_000n, '100 h'],
    [-5n, '0.00 µs'],
  ])('%i ns is %s', (nanoseconds, text) => {
    expect(formatDuration(nanoseconds)).toBe(text)
  })
})

describe('widths', () => {
  test.each([
    ['plain', 5],
    ['├─ ✗ ▲ µs …', 11],
    ['größe', 5],
    ['e\u0301', 1],
    ['注文', 4],
    ['한국', 4],
    ['🍎', 2],
    ['👩‍👩‍👧‍👦', 2],
    ['🇯🇵', 2],
    ['✔️', 2],
    ['ｆｕｌｌ', 8],
  ])('%s takes %i columns', (text, width) => {
    expect(textWidth(text)).toBe(width)
  })

  test('what is cut is never wider, and never cuts a character in two', () => {
    expect(truncate('注文を確認', 6)).toBe('注文…')
    expect(truncate('注文を確認', 7)).toBe('注文を…')
    expect(truncate('a👩‍👩‍👧‍👦b', 3)).toBe('a…')
    expect(truncate('abc', 3)).toBe('abc')
    expect(truncateStart('src/deep/order.ts:12:3', 12)).toBe('…der.ts:12:3')
  })

  test('lines break at spaces, and in words that are too long', () => {
    expect(wrap('one two three four', 9, 9)).toEqual(['one two', 'three', 'four'])
    expect(wrap('one two three four', 9, 2)).toEqual(['one two', 'three fo…'])
    expect(wrap('abcdefghij', 4, 9)).toEqual(['abcd', 'efgh', 'ij'])
    expect(wrap('注文を確認', 4, 9)).toEqual(['注文', 'を確', '認'])
    expect(wrap('x'.repeat(10_000_000), 10, 2)).toEqual(['xxxxxxxxxx', 'xxxxxxxxx…'])
  })
})

describe('attributes', () => {
  test('are bare where nothing is lost by it', () => {
    const attributes = {
      a: 1,
      b: 'word',
      c: 'two words',
      d: '3',
      e: 'null',
      f: null,
      g: '',
      h: [1, 'x'],
      i: { j: true },
      k: 'a=b',
    }
    expect(attributeText(attributes)).toBe(
      'a=1 b=word c="two words" d="3" e="null" f=null g="" h=[1,"x"] i={"j":true} k="a=b"',
    )
  })

  test('are bounded, each and together', () => {
    expect(textWidth(valueText('x'.repeat(1000)))).toBe(72)
    const many = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`k${i}`, i]))
    expect(attributeText(many)).toMatch(/^k0=0 .* k15=15 … 4 more$/)
  })

  test('cannot break out of their line', () => {
    expect(printable('a\n\t\x1b[31m\x9b\u202e\ud800é')).toBe('a\\n\\t\\x1b[31m\\x9b\\u202e\\ud800é')
  })
})

describe('finding a file', () => {
  const locate = (files: string[], file: string, module?: string): string => {
    const exists = (path: string): boolean => files.includes(path)
    const site = span('x', { site: `${file}:3:4`, ...(module !== undefined && { module }) }).site!
    return new Locator({ cwd: '/home/shop', exists }).piece(site).text
  }

  test.each([
    [['/home/shop/src/a.ts'], 'src/a.ts', 'file:///home/shop/dist/src/a.js', 'src/a.ts:3:4'],
    [['/home/shop/packages/x/src/a.ts'], 'src/a.ts', '/home/shop/packages/x/src/a.ts', 'packages/x/src/a.ts:3:4'],
    [['/other/src/a.ts'], 'src/a.ts', 'file:///other/dist/a.js?v=1', '/other/src/a.ts:3:4'],
    [[], 'src/a.ts', 'file:///gone/dist/a.js', 'src/a.ts:3:4'],
    [['/home/shop/src/a.ts'], 'src/a.ts', undefined, 'src/a.ts:3:4'],
    [['/home/shop/src/a.ts'], 'src/a.ts', 'https://example.com/a.js', 'src/a.ts:3:4'],
  ])('%j: %s of %s is %s', (files, file, module, text) => {
    expect(locate(files, file, module)).toBe(text)
  })
})
