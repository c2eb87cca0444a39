import { describe, expect, test } from 'vitest'
import { type CallTime, growthOf, type Interval, timeOf } from '../../store/self-time.ts'

function interval(name: string, from: number, to: number, total?: number): Interval {
  return { id: name, name, from: BigInt(from), to: BigInt(to), ...(total !== undefined && { total: BigInt(total) }) }
}

function parts(children: readonly Interval[]): object {
  const { self, callees } = timeOf(interval('call', 1_000, 1_100), children)
  return { self, ...Object.fromEntries([...callees].map(([id, { time }]) => [id, time])) }
}

describe('where the time of a call went', () => {
  test.each([
    ['nothing is called', [], { self: 100 }],
    ['one after the other', [interval('a', 1_010, 1_030), interval('b', 1_040, 1_050)], { self: 70, a: 20, b: 10 }],
    ['again and again', [interval('a', 1_010, 1_020), interval('a', 1_030, 1_060)], { self: 60, a: 40 }],
    ['side by side', [interval('b', 1_020, 1_060), interval('a', 1_000, 1_050)], { self: 40, a: 50, b: 10 }],
    ['one within the other', [interval('a', 1_000, 1_090), interval('b', 1_010, 1_020)], { self: 10, a: 90 }],
    ['beyond the call', [interval('a', 990, 1_010), interval('b', 1_090, 2_000)], { self: 80, a: 10, b: 10 }],
    ['many calls as one node', [interval('a', 1_000, 1_100, 30)], { self: 70, a: 30 }],
  ] as const)('%s', (_, children, expected) => {
    expect(parts(children)).toEqual(expected)
  })
})

describe('what grew', () => {
  const call = (self: number, callees: Record<string, number> = {}): CallTime => ({
    self,
    total: Object.values(callees).reduce((sum, time) => sum + time, self),
    callees: new Map(Object.entries(callees).map(([id, time]) => [id, { name: id, time }])),
  })

  test('what hardly grew is left out; what was not called before grew from nothing', () => {
    const growth = growthOf([call(10, { a: 5, b: 5, d: 5 })], [call(11, { a: 15, b: 5, c: 40 })], 'p50')
    expect(growth).toEqual([
      { id: 'c', name: 'c', before: 0, now: 40 },
      { id: 'a', name: 'a', before: 5, now: 15 },
    ])
  })

  test('the median is that of usual calls, the tail that of the slowest', () => {
    const before = Array.from({ length: 40 }, () => call(10, { a: 1 }))
    const now = [...Array.from({ length: 38 }, () => call(20, { a: 1 })), call(20, { a: 900 }), call(20, { a: 900 })]
    expect(growthOf(before, now, 'p50')).toEqual([{ before: 10, now: 20 }])
    expect(growthOf(before, now, 'p99')?.[0]).toMatchObject({ id: 'a', before: 1, now: 900 })
  })

  test('calls that do not take longer, or are not there, explain nothing', () => {
    expect(growthOf([call(10)], [call(10)], 'p50')).toBeUndefined()
    expect(growthOf([], [call(10)], 'p50')).toBeUndefined()
    expect(growthOf([call(10)], [], 'p50')).toBeUndefined()
  })
})
