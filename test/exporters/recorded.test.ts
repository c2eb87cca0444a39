import { afterAll, beforeAll, expect, test } from 'vitest'
import type { SpanTree } from '../../model/index.ts'
import { PROTOBUF, partEncoder, type WireLog, wireTree } from '../../otlp/index.ts'
import { loadPlain, loadProgram, runtime, until, urlOf } from '../runtime/program.ts'
import { Random } from '../support/random.ts'

interface Encoders {
  Bytes: typeof import('../../runtime/exporters/bytes.ts').Bytes
  lineBytes: typeof import('../../runtime/exporters/line-bytes.ts').lineBytes
  jsonLine: typeof import('../../runtime/exporters/json.ts').jsonLine
  writeSpans: typeof import('../../runtime/exporters/wire-span.ts').writeSpans
  writeOtlpSpans: typeof import('../../runtime/exporters/otlp-call.ts').writeOtlpSpans
  recordingOf: typeof import('../../runtime/recording.ts').recordingOf
}

interface Program {
  main(seed: number): Promise<void>
}

/** Of the same copy of the runtime that the programs call. */
const { Bytes, lineBytes, jsonLine, writeSpans, writeOtlpSpans, recordingOf } = await loadPlain<Encoders>(`
  export { Bytes } from '${urlOf('runtime/exporters/bytes.ts')}'
  export { lineBytes } from '${urlOf('runtime/exporters/line-bytes.ts')}'
  export { jsonLine } from '${urlOf('runtime/exporters/json.ts')}'
  export { writeSpans } from '${urlOf('runtime/exporters/wire-span.ts')}'
  export { writeOtlpSpans } from '${urlOf('runtime/exporters/otlp-call.ts')}'
  export { recordingOf } from '${urlOf('runtime/recording.ts')}'`)

/** Calls of every kind that a tree tells apart, chosen by chance. */
const PROGRAM = `
  import { getLogger, span } from 'span-tree'
  const said = getLogger('said')
  let next = () => 0
  const nap = ms => new Promise(resolve => setTimeout(resolve, ms))
  const leaf = n => Number(n)
  function ünïcode(n) { return leaf(n) + leaf(n) }
  async function awaited(n) { await null; await any(n); return leaf(n) }
  async function starts(n) { void awaited(n) }
  function* some(n) { yield leaf(n); yield leaf(n) }
  function generated(n) { for (const each of some(n)) leaf(each) }
  function talks() { said.info('a "word"\\u2028', { n: 1n }) }
  function fails() { throw new RangeError('no') }
  function handles() { try { fails() } catch {} }
  function many(n) { for (let i = 0; i < 150; i++) leaf(i) }
  function forgets() { void nap(20).then(() => leaf(1)); void late() }
  async function late() { await nap(30); leaf(2) }
  function byHand(n) { return said.span('by hand ' + n, () => leaf(n)) }
  function withExtra(n) { return said.span('extra', { attributes: { n, list: [1, { a: '\\ud800' }] }, kind: 'client' }, () => leaf(n)) }
  class C {
    @span({ minDuration: 60_000 }) short(n) { return n }
    @span({ name: 'line\\nbreak', level: 'warning', kind: 'server' }) named(n) { return leaf(n) }
    static below(n) { new C().short(n); new C().named(n); return leaf(n) }
  }
  const KINDS = [leaf, ünïcode, awaited, starts, generated, talks, handles, byHand, withExtra, C.below]
  const RARE = [many, forgets]
  async function any(n) {
    for (let i = next() % 4; i > 0 && n > 0; i--) {
      const kinds = next() % 50 === 0 ? RARE : KINDS
      await kinds[next() % kinds.length](n - 1)
    }
  }
  const synchronous = n => { for (let i = 0; i < n; i++) ünïcode(i) }
  export async function main(seed) {
    let state = seed
    next = () => ((state = (state * 1_103_515_245 + 12_345) % 2_147_483_648), state >> 8)
    if (next() % 3 === 0) synchronous(next() % 5)
    else await any(6)
  }`

interface Written {
  readonly tree: SpanTree
  readonly line: string
  readonly spans: string
  /** Where the tree was recorded. */
  readonly otlp?: { readonly spans: Buffer; readonly logs: readonly WireLog[] }
}

const trees: Written[] = []
const written = new Bytes()
const MORE = { tags: { app: 'shop' }, run: 3 }
const UPDATED = 1_795_359_600_000_000n

beforeAll(() =>
  runtime.configure({
    exporters: [
      {
        export(tree) {
          const line = Buffer.concat(lineBytes(written, tree, trees.length % 2 === 0 ? MORE : undefined)).toString()
          writeSpans(written, tree, UPDATED)
          const spans = written.take().toString()
          const recording = recordingOf(tree)
          const logs = recording && writeOtlpSpans(written, tree, recording, 'both')
          trees.push({ tree, line, spans, ...(logs && { otlp: { spans: written.take(), logs } }) })
        },
      },
    ],
  }),
)
afterAll(() => runtime.configure({ mode: 'off' }))

test('what is written of a recorded trace is what is written of its tree', async () => {
  const { main } = await loadProgram<Program>(PROGRAM)
  const random = new Random(11)
  for (let i = 0; i < 150; i++) await main(random.below(2 ** 31))
  await runtime.flush()
  await until(() => trees.length >= 150)
  for (const [i, { tree, line, spans, otlp }] of trees.entries()) {
    // A copy, which has nothing but the tree.
    const { traceId, root, late, remote } = tree
    const copy = { traceId, root, ...(late && { late }), ...(remote && { remote }) }
    expect(line).toBe(`${jsonLine(copy, i % 2 === 0 ? MORE : undefined)}\n`)
    const again = new Bytes()
    writeSpans(again, copy, UPDATED)
    expect(spans).toBe(again.take().toString())
    if (otlp !== undefined) {
      const wire = wireTree(copy, 'both')
      const part = partEncoder(PROTOBUF, 'traces', { resource: {}, scope: { name: '' } }).part(wire.spans)
      expect(otlp.spans.equals(part)).toBe(true)
      expect(otlp.logs).toEqual(wire.logs)
    }
    expect(() => [JSON.parse(line), JSON.parse(`[${spans}]`)]).not.toThrow()
  }
  const recorded = trees.filter(each => each.otlp)
  expect(recorded.length).toBeGreaterThan(50)
  expect(trees.length - recorded.length).toBeGreaterThan(5)
  const parts = ['"dropped":', 'by hand', 'ünïcode', 'line\\nbreak', 'RangeError', '"calls":', '"floating":true']
  expect(parts.filter(part => !trees.some(({ line }) => line.includes(part)))).toEqual([])
})

test('a trace of many spans comes in pieces', async () => {
  const { main } = await loadProgram<{ main(): void }>(`
    const leaf = n => Number(n)
    function branch(n) { for (let i = 0; i < 100; i++) leaf(n) }
    export function main() { for (let i = 0; i < 100; i++) branch(i) }`)
  let pieces: readonly Buffer[] = []
  runtime.configure({ exporters: [{ export: tree => (pieces = lineBytes(written, tree, undefined)) }] })
  main()
  await runtime.flush()
  expect(pieces.length).toBeGreaterThan(2)
  const { root } = JSON.parse(Buffer.concat(pieces).toString()) as { root: { children: { children: object[] }[] } }
  expect(root.children.map(({ children }) => children.length)).toEqual(Array.from({ length: 100 }, () => 100))
})
