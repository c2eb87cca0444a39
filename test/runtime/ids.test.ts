import { expect, test } from 'vitest'
import { newTraceId, sameTrace, spansOf, traceIdOf, w3cTraceId } from '../../model/index.ts'
import { idOfSerial } from '../../runtime/span-id.ts'
import { program } from '../process/processes.ts'
import { recorder, run, runtime } from './program.ts'

test('a ksuid and its W3C id name the same trace, either way', async () => {
  const { trees } = await run(`export function main() { return Number('1') }`)
  const { traceId, root } = trees[0]!
  const w3c = w3cTraceId(traceId)
  expect([traceId, w3c, root.id]).toEqual([
    expect.stringMatching(/^[0-9A-Za-z]{27}$/),
    expect.stringMatching(/^[0-9a-f]{32}$/),
    expect.stringMatching(/^[0-9a-f]{16}$/),
  ])
  expect([recorder.get(traceId)?.root.id, recorder.get(w3c.toUpperCase())?.root.id]).toEqual([root.id, root.id])
  expect(w3cTraceId(traceIdOf(w3c, Date.now()))).toBe(w3c)
  expect([sameTrace(traceId, w3c), sameTrace(traceId, newTraceId(Date.now()))]).toEqual([true, false])
  expect(() => w3cTraceId('short')).toThrow(TypeError)
  expect(() => traceIdOf('xyz', 0)).toThrow(TypeError)
})

test('ids are unique, and those of later seconds sort behind', () => {
  const begun = Date.UTC(2026, 0)
  const ids = Array.from({ length: 10_000 }, (_, i) => newTraceId(begun + i * 1_000))
  expect(new Set(ids).size).toBe(ids.length)
  expect([...ids].sort()).toEqual(ids)
})

test('span ids count on from their start, across every carry', () => {
  const first = BigInt(`0x${idOfSerial(0)}`)
  const wrong = [1, 255, 256, 65_535, 65_536, 0xffff_ffff, 0x1_0000_0000, 0x1_0000_ffff, 3].filter(
    serial => BigInt(`0x${idOfSerial(serial)}`) !== BigInt.asUintN(64, first + BigInt(serial)),
  )
  expect(wrong).toEqual([])
})

test('a clock that is wrong still gives ids', () => {
  const [first, last] = [newTraceId(0), newTraceId(1e15)]
  expect([w3cTraceId(first).length, w3cTraceId(last).length, first < last]).toEqual([32, 32, true])
})

test('spans of one process, and of two, have ids of their own', async () => {
  const code = `
    import { getLogger } from 'span-tree'
    const ids = []
    function collect(span) { ids.push(span.id) }
    for (let i = 0; i < 1_000; i++) getLogger('t').span('s', collect)
    console.log(JSON.stringify(ids))`
  const both = program(code)
  const outputs = await Promise.all([both.plain(), both.plain()].map(async ended => (await ended).stdout))
  const ids = outputs.flatMap(text => JSON.parse(text.split('\n').find(line => line.startsWith('['))!) as string[])
  expect(new Set(ids).size).toBe(2_000)
  runtime.configure({ maxSiblings: 1e6 })
  const { trees } = await run(
    `const leaf = () => Number('1')\nexport function main() { for (let i = 0; i < 1e4; i++) leaf() }`,
  )
  expect(new Set(Array.from(spansOf(trees[0]!.root), ({ span }) => span.id)).size).toBe(10_001)
})
