import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Span } from '../../model/index.ts'
import {
  type ContentType,
  decodeAnswer,
  decodeRequest,
  encodeAnswer,
  encodeRequest,
  type Group,
  JSON_TYPE,
  OtlpError,
  PROTOBUF,
  partEncoder,
  type RecordsAs,
  SCHEMA_URL,
  treesOf,
  wireTree,
} from '../../otlp/index.ts'
import { span, tree } from '../support/trees.ts'
import { spanTree } from './trees.ts'

const TYPES: readonly ContentType[] = [PROTOBUF, JSON_TYPE]
const SOURCE = {
  resource: { 'service.name': 'shop', 'process.pid': 42 },
  scope: { name: 'span-tree', version: '1.0.0' },
  schemaUrl: SCHEMA_URL,
}

test('spans whose parents lead back to themselves are not lost', () => {
  const ids = ['a', 'b', 'c', 'd', 'e'].map(letter => letter.repeat(16))
  const [one] = wireTree(tree(span('one')), 'logs').spans
  const parents = ['b', 'a', 'a', 'd', undefined].map(letter => letter?.repeat(16))
  const records = ids.map((spanId, i) => {
    const parentSpanId = parents[i]
    return { ...one!, spanId, ...(parentSpanId && { parentSpanId }) }
  })
  const { trees } = treesOf([{ ...SOURCE, records }])
  const shape = ({ id, children }: Span): string => `${id[0]}(${children.map(shape).join()})`
  expect(trees.map(({ root }) => shape(root))).toEqual(['a(b(),c())', 'd()', 'e()'])
})

describe.each(TYPES)('%s', type => {
  test.each<RecordsAs>(['logs', 'events', 'both'])('trees come back as they were, records as %s', recordsAs => {
    fc.assert(
      fc.property(fc.array(spanTree, { minLength: 1, maxLength: 2 }), trees => {
        const wire = trees.map(tree => wireTree(tree, recordsAs, ({ startTime, endTime }) => endTime ?? startTime))
        const spans = sent(
          type,
          'traces',
          wire.flatMap(each => each.spans),
        )
        const logs =
          recordsAs === 'logs'
            ? sent(
                type,
                'logs',
                wire.flatMap(each => each.logs),
              )
            : []
        const back = treesOf(spans, logs)
        expect(back.rejected).toBe(0)
        if (!isDeepStrictEqual(back.trees, trees)) expect(back.trees).toEqual(trees)
      }),
      { numRuns: 12 },
    )
  })

  test('a request made of parts is the request', () => {
    fc.assert(
      fc.property(fc.array(spanTree, { maxLength: 2 }), trees => {
        for (const signal of ['traces', 'logs'] as const) {
          const wire = trees.map(tree => wireTree(tree, 'logs'))
          const parts = wire.map(({ spans, logs }) => (signal === 'traces' ? spans : logs))
          const encoder = partEncoder(type, signal, SOURCE)
          const request = encoder.request(parts.map(each => encoder.part(each as never)))
          expect(decodeRequest(type, signal, request)).toEqual(
            decodeRequest(type, signal, encodeRequest(type, signal, [{ ...SOURCE, records: parts.flat() }])),
          )
        }
      }),
      { numRuns: 8 },
    )
  })

  test('spans that still run are left out unless their end is given', () => {
    fc.assert(
      fc.property(spanTree, tree => {
        const { spans } = wireTree(tree, 'logs')
        expect(spans.map(({ spanId }) => spanId)).toEqual(
          all(tree.root).flatMap(({ id, endTime }) => (endTime === undefined ? [] : [id])),
        )
      }),
      { numRuns: 8 },
    )
  })

  test('answers', () => {
    for (const partial of [
      { rejected: 0, message: '' },
      { rejected: 3, message: 'too old' },
    ]) {
      expect(decodeAnswer(type, 'traces', encodeAnswer(type, 'traces', partial))).toEqual(partial)
      expect(decodeAnswer(type, 'logs', encodeAnswer(type, 'logs', partial))).toEqual(partial)
    }
  })

  test('whatever it is given, the decoder answers or says that it is no OTLP', () => {
    const garbage = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.json().map(json => new TextEncoder().encode(json)),
    )
    fc.assert(
      fc.property(fc.constantFrom('traces' as const, 'logs' as const), garbage, (signal, bytes) => {
        try {
          treesOf(decodeRequest(type, 'traces', bytes), decodeRequest(type, 'logs', bytes))
          decodeAnswer(type, signal, bytes)
        } catch (error) {
          expect(error).toBeInstanceOf(OtlpError)
        }
      }),
    )
  })

  test('bytes that were changed on the way are an OtlpError at most', () => {
    fc.assert(
      fc.property(spanTree, fc.infiniteStream(fc.nat()), (tree, numbers) => {
        const bytes = encodeRequest(type, 'traces', [{ ...SOURCE, records: wireTree(tree, 'events').spans }])
        for (let i = 0; i < 3; i++) bytes[numbers.next().value % bytes.length] = numbers.next().value & 0xff
        try {
          treesOf(decodeRequest(type, 'traces', bytes))
        } catch (error) {
          expect(error).toBeInstanceOf(OtlpError)
        }
      }),
      { numRuns: 20 },
    )
  })

  test('values that are nested too deep are refused', () => {
    let deep: unknown[] = []
    for (let i = 0; i < 40; i++) deep = [deep]
    const [span] = wireTree(fc.sample(spanTree, 1)[0]!, 'logs', () => 1n).spans
    const records = [{ ...span!, attributes: { deep: deep as never } }]
    const bytes = encodeRequest(type, 'traces', [{ ...SOURCE, records }])
    expect(() => decodeRequest(type, 'traces', bytes)).toThrow(OtlpError)
  })
})

describe('tolerance of JSON', () => {
  const decode = (json: unknown): ReturnType<typeof decodeRequest<'traces'>> =>
    decodeRequest(JSON_TYPE, 'traces', new TextEncoder().encode(JSON.stringify(json)))

  test('ids in any case, 64-bit numbers as text or number, unknown fields, other scopes', () => {
    const span = {
      traceId: 'ABCDEF00000000000000000000000001',
      spanId: 'ABCDEF0000000002',
      name: 'GET',
      kind: 3,
      startTimeUnixNano: 1_700_000_000_000_000_000,
      endTimeUnixNano: '1700000000000000005',
      attributes: [
        { key: 'a', value: { intValue: 5 } },
        { key: 'b', value: { intValue: '9007199254740993' } },
        { key: 'c', value: { doubleValue: 'NaN' } },
        { key: 'd', value: { someDayValue: 1 } },
        { key: 'e', value: { bytesValue: 'AAE=' } },
      ],
      somethingNew: { x: 1 },
      status: { code: 2 },
    }
    const [group] = decode({ resourceSpans: [{ scopeSpans: [{ spans: [span] }], deprecated: true }] })
    expect(group!.records[0]).toMatchObject({
      traceId: 'abcdef00000000000000000000000001',
      spanId: 'abcdef0000000002',
      kind: 3,
      startTime: 1_700_000_000_000_000_000n,
      endTime: 1_700_000_000_000_000_005n,
      attributes: { a: 5, b: '9007199254740993', c: 'NaN', d: null, e: 'AAE=' },
      status: { code: 2 },
    })
    const { trees, rejected } = treesOf([group!, { ...group!, records: [{ ...group!.records[0]!, spanId: 'zz' }] }])
    expect([trees.length, rejected]).toEqual([1, 1])
    expect(trees[0]!.root).toMatchObject({ name: 'GET', kind: 'client', status: 'failed' })
  })

  test('what recordException of others left is the error of the span', () => {
    const attributes = {
      'exception.type': 'TypeError',
      'exception.message': 'x',
      'exception.stacktrace': 'TypeError: x\n at y',
    }
    const wire = {
      traceId: '1'.repeat(32),
      spanId: '2'.repeat(16),
      name: 'query',
      kind: 1,
      startTime: 5n,
      endTime: 9n,
      attributes: {},
      events: [
        { time: 7n, name: 'exception', attributes },
        { time: 6n, name: 'cache miss', attributes: { key: 'k' } },
      ],
      links: [],
      status: { code: 2, message: 'it failed' },
    }
    const [tree] = treesOf([{ ...SOURCE, records: [wire] }]).trees
    expect(tree!.root.exitError).toEqual({
      kind: 'error',
      type: 'TypeError',
      message: 'x',
      stack: 'TypeError: x\n at y',
      attributes: {},
    })
    expect(tree!.root.messages).toMatchObject([{ text: 'cache miss', level: 'info', attributes: { key: 'k' } }])
    expect(tree!.root.attributes).toEqual({ 'otel.status_description': 'it failed' })
  })
})

function sent<S extends 'traces' | 'logs'>(
  type: ContentType,
  signal: S,
  records: readonly never[] | readonly unknown[],
): Group<never>[] {
  const bytes = encodeRequest(type, signal, [{ ...SOURCE, records: records as never }])
  const groups = decodeRequest(type, signal, bytes)
  expect(groups.map(({ records: _, ...source }) => source)).toEqual([SOURCE])
  return groups as never
}

function all(span: Span): Span[] {
  return [span, ...span.children.flatMap(all)]
}
