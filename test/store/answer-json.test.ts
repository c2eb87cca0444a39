import { expect, test } from 'vitest'
import { answerJson, answerOf } from '../../store/answer-json.ts'
import type { TraceLookup } from '../../store/trace-store.ts'
import { error, message, span, tree } from '../support/trees.ts'

test('what a store answers comes back as it was', () => {
  const child = span('child', { at: 1, attributes: { start: '17', rev: '5' }, slow: { p50: 1n, p99: 2n } })
  const told = message('said', 2, { error: error('Odd', 'x', { arguments: { last: '12' } }) })
  const root = span('root', { queueDuration: 7n }, { ...child, parentId: 'a'.repeat(16) }, told)
  const trees = [tree({ ...root, id: 'a'.repeat(16) }, { remote: true })]
  const summary = {
    traceId: trees[0]!.traceId,
    name: 'root',
    status: 'OK',
    slow: false,
    start: 5n,
    spans: 2,
    errors: 0,
  } as const
  const found: TraceLookup = { kind: 'found', summary: { ...summary, tags: { last: '3' } }, trees }
  expect(answerOf(answerJson(found))).toEqual(found)
  for (const answer of [
    [],
    null,
    { count: 3, last: 4 },
    [{ last: 4n, name: '12' }],
    { senders: [{ health: { p50: '1' } }] },
  ]) {
    expect(answerOf(answerJson(answer))).toEqual(answer)
  }
  expect(answerJson(undefined)).toBe('null')
})

test('a tree may be deeper than any stack', () => {
  let root = span('leaf')
  for (let depth = 0; depth < 50_000; depth++) {
    const parent = span('node', {}, root)
    root = { ...parent, children: [{ ...root, parentId: parent.id }] }
  }
  const back = answerOf<{ root: typeof root }>(answerJson(tree(root)))
  let depth = 0
  for (let at = back.root; at.children[0]; at = at.children[0]) depth++
  expect(depth).toBe(50_000)
})
