import { describe, expect, test } from 'vitest'
import { NODE_VERSIONS } from '../support/node-versions.ts'
import { programs, Running } from './http-programs.ts'

const [plain, traced] = [false, true].map(each => programs('module', each)) as [string, string]

interface Seen {
  readonly seen: string
  /** Spans of requests that came in, and of those that went out. */
  readonly spans: readonly number[]
}

async function seenBy(folder: string, major: number): Promise<Seen> {
  const program = new Running(folder, 'transparent.js', major)
  try {
    const { seen } = await program.next<{ seen: string }>()
    await program.ended()
    const count = (kind: string): number => program.output.split(`"kind":"${kind}"`).length - 1
    return { seen, spans: [count('server'), count('client')] }
  } finally {
    program.kill()
  }
}

describe.concurrent('a program sees the same of its requests, traced or not', () => {
  test.each(NODE_VERSIONS)('Node %i: bytes, headers, listeners, properties, order of events, errors', async major => {
    const [expected, found] = await Promise.all([seenBy(plain, major), seenBy(traced, major)])
    const answers = expected.seen.match(/HTTP\/1\.1 \d/g)?.length ?? 0
    expect(answers).toBeGreaterThan(15)
    expect(found.seen.split('\n')).toEqual(expected.seen.split('\n'))
    expect(expected.spans).toEqual([0, 0])
    expect(found.spans[0]).toBeGreaterThan(answers / 2)
    expect(found.spans[1]).toBeGreaterThan(4)
  })
})
