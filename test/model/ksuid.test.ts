import KSUID from 'ksuid'
import { expect, test } from 'vitest'
import { newTraceId, traceIdOf, w3cTraceId } from '../../model/index.ts'
import { Random } from '../support/random.ts'

const FIRST = 1_400_000_000_000

test('ids are those of the package ksuid, both ways', () => {
  const random = new Random(62)
  for (let i = 0; i < 2_000; i++) {
    // Words with few bits, too, and those at both ends.
    const words = Array.from({ length: 4 }, () =>
      random.pick([0, 0xff_ff_ff_ff, random.below(2 ** 32), random.below(70)]),
    )
    const payload = Buffer.alloc(16)
    for (const [k, word] of words.entries()) payload.writeUInt32BE(word, k * 4)
    const time = FIRST + random.below(2 ** 32) * 1_000
    const known = KSUID.fromParts(time, payload).string
    expect(traceIdOf(payload.toString('hex'), time)).toBe(known)
    expect(w3cTraceId(known)).toBe(payload.toString('hex'))
  }
})

test('a new id has the time at which its trace began', () => {
  const time = Date.UTC(2026, 10, 22, 15, 0, 7)
  expect(KSUID.parse(newTraceId(time)).date.getTime()).toBe(time)
  expect(() => w3cTraceId('zzzzzzzzzzzzzzzzzzzzzzzzzzz')).toThrow(TypeError)
})
