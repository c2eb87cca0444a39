import fc from 'fast-check'
import { expect, test } from 'vitest'
import { JsonMembers } from '../../../cli/transfer/profiles/json-members.ts'

/** `cuts`: lengths of the pieces in which it comes, over and over. */
function membersOf(text: string, cuts: readonly number[]): [string, unknown][] {
  const members = new JsonMembers(['list'])
  const found = []
  for (let at = 0, i = 0; at < text.length; i++) {
    const length = cuts[i % cuts.length] ?? text.length
    found.push(...members.push(text.slice(at, at + length)))
    at += length
  }
  return [...found, ...members.end()].map(({ path, text: json }) => [path, JSON.parse(json as string)])
}

test('a document in pieces, cut anywhere, has the members that it has as a whole', () => {
  const json = fc.oneof(fc.jsonValue(), fc.constantFrom('\\', '"', '\\"', '}],', 'a:b'))
  const cuts = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 })
  fc.assert(
    fc.property(json, fc.array(json), json, cuts, fc.constantFrom(0, 1), (before, list, after, lengths, space) => {
      const text = JSON.stringify({ before, list, 'a"b': after }, null, space)
      const elements = list.map((value, i) => [`list[${i}]`, value])
      expect(membersOf(text, lengths)).toEqual([['before', before], ...elements, ['a\\"b', after]].map(asJson))
      expect(membersOf(JSON.stringify(list), lengths)).toEqual(list.map((value, i) => asJson([`[${i}]`, value])))
    }),
  )
})

/** `-0` is `0` in JSON. */
function asJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}

test.each([
  ['[{"a":1},\n{"a":2},', ['[0] {"a":1}', '[1] {"a":2}']],
  ['[{"a":1},{"a"', ['[0] {"a":1}', '[1] {"a"']],
  ['{"list":[1,2', ['list[0] 1', 'list[1] 2']],
  ['{"list":[],"more":true}', ['more true']],
  ['\uFEFF [ 1 , [2, 3] ] ', ['[0] 1', '[1] [2, 3]']],
  ['', []],
])('%j: what nobody has closed, nothing, spaces', (text, expected) => {
  const members = new JsonMembers(['list'])
  const found = [...members.push(text), ...members.end()]
  expect(found.map(({ path, text: json }) => `${path} ${json?.trim()}`)).toEqual(expected)
})

test('nothing behind the last bracket is taken for a part of it', () => {
  const members = new JsonMembers([])
  expect(members.push('{"a":1}\n{"b":2}').map(({ path }) => path)).toEqual(['a'])
  expect(members.end()).toEqual([])
  expect([members.keys, members.isClosed, members.goesOn]).toEqual([['a'], true, true])
})
