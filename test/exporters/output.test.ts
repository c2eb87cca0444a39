import type { writeSync } from 'node:fs'
import { Writable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { DescriptorOutput, outputTo } from '../../runtime/exporters/output.ts'

/** A descriptor that takes what `accept` says for each attempt: bytes, or the code of an error. */
function descriptor(accept: (attempt: number) => number | string): { write: typeof writeSync; text: () => string } {
  const taken: string[] = []
  let attempt = 0
  const write = (_fd: number, data: Uint8Array): number => {
    const answer = accept(attempt++)
    if (typeof answer === 'string') throw Object.assign(new Error(answer), { code: answer })
    const part = data.subarray(0, answer)
    taken.push(Buffer.from(part).toString())
    return part.length
  }
  return { write: write as typeof writeSync, text: () => taken.join('') }
}

describe('writing to a descriptor', () => {
  test('goes on where a busy one stopped, in order, also synchronously', async () => {
    for (const wait of ['flush', 'flushSync'] as const) {
      const slow = descriptor(attempt => (attempt % 2 === 0 ? 'EAGAIN' : 3))
      const output = new DescriptorOutput(1, { write: slow.write })
      output.write(['first ', 'block\n'])
      output.write(['second block\n'])
      await output[wait](1000)
      expect(slow.text()).toBe('first block\nsecond block\n')
      expect(output.dropped).toBe(0)
    }
  })

  test('waits until what the program wrote has left', async () => {
    let isTaken = true
    const free = descriptor(() => 100)
    const output = new DescriptorOutput(1, { write: free.write, isTaken: () => isTaken })
    output.write(['a'])
    await output.flush(20)
    expect(free.text()).toBe('')
    isTaken = false
    await output.flush(1000)
    expect(free.text()).toBe('a')
    isTaken = true
    output.write(['b'])
    output.flushSync()
    expect(free.text()).toBe('ab')
  })

  test('gives up on a broken one and counts what it dropped', () => {
    const broken = descriptor(attempt => (attempt === 0 ? 100 : 'EPIPE'))
    const output = new DescriptorOutput(1, { write: broken.write })
    for (const block of ['a', 'b', 'c']) output.write([block])
    output.flushSync()
    expect(broken.text()).toBe('a')
    expect(output.dropped).toBe(2)
  })

  test('waits no longer than the deadline, and keeps no more than it may', async () => {
    const stuck = descriptor(() => 'EAGAIN')
    const output = new DescriptorOutput(1, { write: stuck.write })
    const megabyte = 'x'.repeat(1 << 20)
    for (let i = 0; i < 70; i++) output.write([megabyte])
    expect(output.dropped).toBeGreaterThan(0)
    const start = performance.now()
    await output.flush(20)
    expect(performance.now() - start).toBeLessThan(1000)
  })
})

describe('writing to a stream', () => {
  test('survives errors, thrown or emitted, and counts what was lost', async () => {
    const failing = new Writable({ write: (_chunk, _encoding, done) => done(new Error('EPIPE')) })
    const throwing = Object.assign(new Writable(), {
      write: () => {
        throw new Error('closed')
      },
    })
    for (const stream of [failing, throwing]) {
      const output = outputTo(stream)
      output.write(['a'])
      await output.flush(1000)
      output.write(['b'])
      output.flushSync()
      expect(output.dropped).toBe(2)
    }
  })

  test('waits for a slow one', async () => {
    const taken: string[] = []
    const slow = new Writable({
      write(chunk, _encoding, done) {
        taken.push(String(chunk))
        setTimeout(done, 1)
      },
    })
    const output = outputTo(slow)
    for (const block of ['a', 'b', 'c']) output.write([block])
    await output.flush(1000)
    expect(taken.join('')).toBe('abc')
  })
})
