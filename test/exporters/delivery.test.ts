import { describe, expect, test } from 'vitest'
import { type Batch, Batcher } from '../../runtime/exporters/batch.ts'
import { Delivery, type Outcome, retryAfter } from '../../runtime/exporters/delivery.ts'
import type { Answer } from '../../runtime/exporters/http-post.ts'
import { type Parcel, SendQueue } from '../../runtime/exporters/send-queue.ts'
import { SimulatedClock } from '../support/simulated-clock.ts'

const BODY = new Uint8Array([1, 2, 3])

function answer(status: number, headers: Answer['headers'] = {}): Answer {
  return { status, headers, body: new Uint8Array(0) }
}

/** Answers in this order; an `Error` is one of the network. Notes when it was asked. */
function server(
  clock: SimulatedClock,
  ...answers: (Answer | Error)[]
): { post: () => Promise<Answer>; times: number[] } {
  const times: number[] = []
  return {
    times,
    post: async () => {
      times.push(clock.now())
      const next = answers.length > 1 ? answers.shift() : answers[0]
      if (next instanceof Error) throw next
      return next as Answer
    },
  }
}

describe('delivery', () => {
  test('tries again after 429, 502, 503, 504 and errors of the network, with growing pauses', async () => {
    const clock = new SimulatedClock()
    const failures = [answer(429), answer(502), new Error('ECONNRESET'), answer(503), answer(504)]
    const { post, times } = server(clock, ...failures, answer(200))
    const delivery = new Delivery({ url: 'http://localhost', post, clock })
    expect(await clock.until(delivery.deliver(BODY, 'text/plain'))).toEqual({ kind: 'accepted', answer: answer(200) })
    // Chance is 0.5 here, so each pause is three quarters of 1, 2, 4, 8, 16 seconds.
    expect(times.map(time => time - times[0]!)).toEqual([0, 750, 2_250, 5_250, 11_250, 23_250])
    expect(delivery.retries).toBe(5)
  })

  test.each([400, 401, 404, 408, 413, 500, 501, 301])('does not try again after %i', async status => {
    const clock = new SimulatedClock()
    const { post, times } = server(clock, answer(status))
    const outcome = await clock.until(
      new Delivery({ url: 'http://localhost', post, clock }).deliver(BODY, 'text/plain'),
    )
    expect(outcome).toEqual({ kind: 'refused', answer: answer(status) })
    expect(times).toHaveLength(1)
  })

  test('waits as long as Retry-After says, in seconds or until a date, also when hurried', async () => {
    const clock = new SimulatedClock()
    const date = new Date(Math.ceil(clock.now() / 1000) * 1000 + 300_000)
    const { post, times } = server(
      clock,
      answer(429, { 'retry-after': '120' }),
      answer(503, { 'retry-after': date.toUTCString() }),
      answer(200),
    )
    const delivery = new Delivery({ url: 'http://localhost', post, clock })
    const delivered = delivery.deliver(BODY, 'text/plain')
    await clock.settle()
    delivery.hurry()
    await clock.until(delivered)
    expect(times[1]! - times[0]!).toBe(120_000)
    expect(times[2]).toBe(date.getTime())
    expect([retryAfter('soon', 0), retryAfter(undefined, 0), retryAfter('Thu, 01 Jan 1970 00:00:00 GMT', 5)]).toEqual([
      0, 0, 0,
    ])
  })

  test('the other side comes back after ten minutes', async () => {
    const clock = new SimulatedClock()
    const times: number[] = []
    const begun = clock.now()
    const post = async (): Promise<Answer> => {
      times.push(clock.now())
      if (clock.now() - begun < 600_000) throw new Error('ECONNREFUSED')
      return answer(200)
    }
    const delivered = new Delivery({ url: 'http://localhost', post, clock }).deliver(BODY, 'text/plain')
    expect((await clock.until(delivered)).kind).toBe('accepted')
    expect(clock.now() - begun).toBeLessThan(630_000)
    expect(times.length).toBeLessThan(40)
  })

  test('gives up, in the end, and says why', async () => {
    const clock = new SimulatedClock()
    const { post } = server(clock, new Error('ECONNREFUSED'))
    const delivery = new Delivery({ url: 'http://localhost', post, clock, giveUpAfter: 60_000 })
    const begun = clock.now()
    expect(await clock.until(delivery.deliver(BODY, 'text/plain'))).toEqual({
      kind: 'undelivered',
      reason: 'ECONNREFUSED',
    })
    expect(clock.now() - begun).toBeLessThanOrEqual(60_000)
  })

  test('makes the next attempt at once when hurried, and none when stopped', async () => {
    const clock = new SimulatedClock()
    const { post, times } = server(clock, answer(503))
    const delivery = new Delivery({ url: 'http://localhost', post, clock })
    const stop = new AbortController()
    const delivered = delivery.deliver(BODY, 'text/plain', stop.signal)
    await clock.settle()
    delivery.hurry()
    await clock.settle()
    expect(times).toEqual([times[0], times[0]])
    stop.abort()
    expect(await delivered).toEqual({ kind: 'undelivered', reason: 'HTTP 503' })
  })

  test('refuses an address that is none', () => {
    expect(() => new Delivery({ url: 'nowhere' })).toThrow(TypeError)
    expect(() => new Delivery({ url: 'ftp://localhost' })).toThrow(TypeError)
  })
})

describe('batches', () => {
  const batcher = (clock: SimulatedClock): { batches: Batch<string>[]; batcher: Batcher<string> } => {
    const batches: Batch<string>[] = []
    const limits = { maxCount: 10, maxBytes: 100, maxDelay: 500 }
    return { batches, batcher: new Batcher(batch => batches.push(batch), limits, clock) }
  }

  test('are handed on at so many spans, so many bytes, or after so long', () => {
    const clock = new SimulatedClock()
    const { batches, batcher: gather } = batcher(clock)
    gather.add('a', 6, 10)
    gather.add('b', 6, 10)
    expect(batches).toEqual([{ entries: ['a'], count: 6, bytes: 10 }])
    gather.add('c', 4, 10)
    expect(batches[1]).toEqual({ entries: ['b', 'c'], count: 10, bytes: 20 })
    gather.add('d', 1, 60)
    gather.add('e', 1, 60)
    expect(batches[2]?.entries).toEqual(['d'])
    clock.advance(499)
    expect([batches.length, gather.count, gather.bytes]).toEqual([3, 1, 60])
    clock.advance(1)
    expect(batches[3]?.entries).toEqual(['e'])
    clock.advance(10_000)
    expect(batches).toHaveLength(4)
  })

  test('what is larger than a batch is one; what is taken is not handed on', () => {
    const clock = new SimulatedClock()
    const { batches, batcher: gather } = batcher(clock)
    gather.add('huge', 50, 1_000)
    expect(batches[0]?.count).toBe(50)
    gather.add('last', 1, 1)
    expect(gather.take()?.entries).toEqual(['last'])
    expect(gather.take()).toBeUndefined()
    clock.advance(1_000)
    gather.flush()
    expect(batches).toHaveLength(1)
  })
})

describe('the queue', () => {
  const parcel = (size: number): Parcel => ({ body: new Uint8Array(size), count: 1 })

  test('sends in order, one after the other, and drops the oldest where there is no room', async () => {
    const ends: ((outcome: Outcome) => void)[] = []
    const [sent, settled, dropped]: number[][] = [[], [], []]
    const queue = new SendQueue({
      send: ({ body }) => {
        sent!.push(body.length)
        return new Promise(resolve => ends.push(resolve))
      },
      settled: ({ body }) => settled!.push(body.length),
      dropped: ({ body }) => dropped!.push(body.length),
      maxBytes: 10,
      clock: new SimulatedClock(),
    })
    for (const size of [1, 4, 5, 6]) queue.push(parcel(size))
    expect([sent, dropped, queue.count, queue.bytes]).toEqual([[1], [4, 5], 2, 6])
    const empty = queue.empty(1_000)
    ends[0]!({ kind: 'undelivered', reason: '' })
    await Promise.resolve()
    ends[1]?.({ kind: 'undelivered', reason: '' })
    await Promise.resolve()
    ends[1]!({ kind: 'undelivered', reason: '' })
    await empty
    expect([sent, settled, queue.count]).toEqual([[1, 6], [1, 6], 0])
  })

  test('what is taken away is not settled, and an empty queue can be waited for only so long', async () => {
    const clock = new SimulatedClock()
    const signals: AbortSignal[] = []
    const queue = new SendQueue({
      send: (_, signal) => {
        signals.push(signal)
        return new Promise(resolve =>
          signal.addEventListener('abort', () => resolve({ kind: 'undelivered', reason: '' })),
        )
      },
      settled: () => expect.unreachable(),
      dropped: () => expect.unreachable(),
      maxBytes: 100,
      clock,
    })
    queue.push(parcel(1))
    queue.push(parcel(2))
    await clock.until(queue.empty(50))
    expect(queue.takeAll().map(({ body }) => body.length)).toEqual([1, 2])
    expect([signals[0]?.aborted, queue.count]).toEqual([true, 0])
    await queue.empty(50)
  })
})
