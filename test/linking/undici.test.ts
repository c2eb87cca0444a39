import { join } from 'node:path'
import { build } from 'esbuild'
import { expect, test } from 'vitest'
import { type KeptSpan, programs, Running } from './http-programs.ts'

interface Report {
  readonly kinds: readonly string[]
  /** Of every attempt. */
  readonly received: readonly { readonly kind: string; readonly id: string; readonly traceparent?: string }[]
  readonly failed: readonly string[]
}

const folders = { module: programs('module', false), commonjs: programs('commonjs', false) }

/** All of undici in one file, in which nobody finds its classes. */
async function bundled(): Promise<string> {
  const name = 'narrow-bundled.js'
  await build({
    entryPoints: [join(folders.commonjs, 'narrow.js')],
    outfile: join(folders.commonjs, name),
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'cjs',
    external: ['span-tree'],
  })
  return name
}

async function run(major: number, folder: string, program: string): Promise<Report & { spans: readonly KeptSpan[] }> {
  const running = new Running(folder, program, major)
  try {
    const report = await running.next<Report>()
    return { ...report, ...(await running.ask<{ spans: readonly KeptSpan[] }>({ end: true })) }
  } finally {
    running.kill()
  }
}

/** Of each kind of client, what was not below whoever asked: `wrong` below another one, `alone` below nobody. */
function judge({ received, spans }: Report & { spans: readonly KeptSpan[] }): Record<'wrong' | 'alone', string[]> {
  const byId = new Map(spans.map(span => [span.id, span]))
  const askerOf = (id: string | undefined): unknown => {
    let at = byId.get(id ?? '')
    while (at !== undefined && at.name !== 'ask') at = byId.get(at.parentId ?? '')
    return at?.attributes['id']
  }
  const found = { wrong: new Set<string>(), alone: new Set<string>() }
  const look = (what: string, asker: unknown, id: string): void => {
    if (asker !== id) found[asker === undefined ? 'alone' : 'wrong'].add(`${id.replace(/ \d+$/, '')}: ${what}`)
  }
  for (const { kind, id, traceparent } of received) look('sent', askerOf(traceparent?.split('-')[2]), `${kind} ${id}`)
  for (const span of spans.filter(({ name }) => name === 'saw'))
    look('saw', askerOf(span.id), span.attributes['id'] as string)
  return { wrong: [...found.wrong].sort(), alone: [...found.alone].sort() }
}

// Node's streams read ahead on whatever stack they are handed over.
const STREAMS = ['7 stream upload: saw', '8 stream upload: saw']
// An agent of Node's own, in whose place undici has put one of its own.
const REPLACED = ['node fetch: sent', 'node post: sent']

test.concurrent.each([
  [22, 'commonjs', [...STREAMS, ...REPLACED]],
  [24, 'module', STREAMS],
  [26, 'module', STREAMS],
] as const)(
  'requests that wait for a connection are below whoever asked: Node %i, %s',
  async (major, format, alone) => {
    const ran = await run(major, folders[format], 'narrow.js')
    expect(ran.failed).toEqual([])
    expect(ran.received.length).toBeGreaterThan(ran.kinds.length * 5)
    expect(judge(ran)).toEqual({ wrong: [], alone })
  },
)

test('in a bundle they are below whoever asked, or below nobody', async () => {
  const ran = await run(24, folders.commonjs, await bundled())
  expect(ran.failed).toEqual([])
  const { wrong, alone } = judge(ran)
  expect(wrong).toEqual([])
  expect(alone).toContain('7 fetch: sent')
})
