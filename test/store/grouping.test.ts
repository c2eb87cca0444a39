import { describe, expect, test } from 'vitest'
import type { ErrorRecord } from '../../model/index.ts'
import { groupingOf, parameterise } from '../../store/grouping.ts'

test.each([
  ['user 4711 not found in 3.5 s', 'user <number> not found in <number> s'],
  ['GET https://api.example.com/v1/orders/17?x=1 failed', 'GET <url> failed'],
  ['no mailbox for ann.b@example.co.uk', 'no mailbox for <email>'],
  ['order 123e4567-e89b-12d3-a456-426614174000 is gone', 'order <uuid> is gone'],
  ['expired at 2026-11-22T15:00:00.123Z (15:00)', 'expired at <date> (<time>)'],
  ['connect ECONNREFUSED 127.0.0.1:5432', 'connect ECONNREFUSED <ip>'],
  ['connect to fe80::1ff:fe23:4567:890a refused', 'connect to <ip> refused'],
  ['Namespace::method failed', 'Namespace::method failed'],
  ['ENOENT: open /var/lib/app/data.json', 'ENOENT: open <path>'],
  ['object 0xdeadbeef at commit 9f1c2ab', 'object <hash> at commit <hash>'],
  ['trace 3MTTjFEKX2rNbXV9yOaI4c7F0pU missing', 'trace <id> missing'],
  ['x is undefined', 'x is undefined'],
])('%s → %s', (message, expected) => {
  expect(parameterise(message)).toBe(expected)
})

test('a long message of nothing but digits and dots takes no time to speak of', () => {
  for (const hostile of ['1.'.repeat(50_000), 'a-'.repeat(50_000), '/a'.repeat(50_000), ':1'.repeat(50_000)])
    expect(parameterise(hostile).length).toBeLessThanOrEqual(1_000)
})

describe('what an error is grouped by', () => {
  const stack = (line: number): string =>
    `TypeError: x\n    at price (file:///app/dist/price-8Fk2LmQz.js:${line}:3)\n    at lib (/app/node_modules/lib/index.js:1:1)\n    at async main (/app/dist/main.js:${line}:1)\n    at node:internal/process:1:1`
  const error = (fields: Partial<ErrorRecord> = {}): ErrorRecord => ({
    kind: 'error',
    type: 'TypeError',
    message: 'no price for 17',
    attributes: {},
    ...fields,
  })

  test('the site that threw, whatever the message and wherever its lines are', () => {
    const a = groupingOf(error({ stack: stack(1) }), 'src/price.ts#price')
    expect(groupingOf(error({ stack: stack(9), message: 'other' }), 'src/price.ts#price')).toEqual(a)
    expect(a).toMatchObject({ by: 'site', because: 'TypeError thrown in src/price.ts#price' })
    expect(groupingOf(error({ type: 'RangeError' }), 'src/price.ts#price').keys).not.toEqual(a.keys)
  })

  test("else the chain of the program's own functions", () => {
    const a = groupingOf(error({ stack: stack(1) }), undefined)
    expect(groupingOf(error({ stack: stack(9).replace('8Fk2LmQz', 'Zz00Yy11') }), undefined)).toEqual(a)
    expect(a).toMatchObject({ by: 'chain', because: 'TypeError by way of price (price.js) ← main (main.js)' })
  })

  test('else what it says', () => {
    const a = groupingOf(error(), undefined)
    expect(groupingOf(error({ message: 'no price for 18' }), undefined)).toEqual(a)
    expect(a).toMatchObject({ by: 'message', because: 'TypeError saying "no price for <number>"' })
  })
})
