import { expect, test } from 'vitest'
import { slowestWithin } from '../../../cli/query/slow-calls.ts'
import type { SlowSpan } from '../../../store/trace-store.ts'

function call(name: string, start: number, duration: number, traceId = 'a'): SlowSpan {
  const times = { start: BigInt(start), duration: BigInt(duration), p50: 1n, p99: 2n }
  return { traceId, spanId: name, name, ...times }
}

function names(...calls: SlowSpan[]): string[] {
  return slowestWithin(calls, 10).map(({ name }) => name)
}

test('of callers that waited for one slow call, that call is left', () => {
  expect(names(call('query', 2, 96), call('available', 1, 98), call('GET /stock', 0, 100))).toEqual(['query'])
})

test('who was slow by itself is left, too', () => {
  expect(names(call('query', 2, 50), call('GET /stock', 0, 100))).toEqual(['query', 'GET /stock'])
})

test('calls side by side, or of other traces, explain nothing', () => {
  expect(names(call('a', 0, 100), call('b', 1, 100), call('c', 1, 90, 'b'))).toEqual(['a', 'b', 'c'])
  expect(names(call('a', 0, 100), call('a', 0, 100))).toEqual(['a', 'a'])
})

test('no more than are asked for', () => {
  expect(slowestWithin([call('a', 0, 1), call('b', 5, 1), call('c', 9, 1)], 2)).toHaveLength(2)
})
