import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Span, w3cTraceId } from '../../model/index.ts'
import { JsonExporter, jsonChunks, jsonLine } from '../../runtime/exporters/json.ts'
import { spanFields, stringify } from '../../runtime/exporters/span-fields.ts'
import { spanMembers } from '../../runtime/exporters/span-json.ts'
import { FakeStream } from '../support/fake-stream.ts'
import { processorTime } from '../support/processor-time.ts'
import { crossing, error, message, span, tree } from '../support/trees.ts'

const traceId = '3Gsb1RqgRs9lXiLoNaymK5R5lWt'

describe('a trace as a line of JSON', () => {
  test('has this shape', () => {
    const charge = span('charge', { id: 'c', at: 1, ms: 2.5, exitError: error('Error', 'no', { stack: 'Error: no' }) })
    const root = span(
      'checkout',
      { id: 'a', ms: 4, attributes: { orderId: 7 }, handledErrors: [crossing(charge)], module: 'file:///secret/a.ts' },
      message('hello', 1),
      charge,
      span('mail', { id: 'd', parentId: 'a', at: 3.5, ms: null, floating: true, site: null }),
    )
    expect(JSON.parse(jsonLine({ traceId, root, late: true }))).toEqual({
      traceId,
      w3cTraceId: w3cTraceId(traceId),
      name: 'checkout',
      status: 'succeeded',
      level: 'info',
      start: '2026-11-22T15:00:00.000Z',
      durationMs: 4,
      late: true,
      root: {
        id: 'a',
        name: 'checkout',
        kind: 'internal',
        status: 'succeeded',
        level: 'info',
        start: '2026-11-22T15:00:00.000Z',
        durationMs: 4,
        startTime: '1795359600000000000',
        endTime: '1795359600004000000',
        site: {
          id: 'src/order.ts#checkout',
          name: 'checkout',
          functionKind: 'function',
          file: 'src/order.ts',
          line: 1,
          column: 1,
        },
        attributes: { orderId: 7 },
        messages: [{ time: '1795359600001000000', level: 'info', text: 'hello', logger: 'test', attributes: {} }],
        handledErrors: [{ kind: 'reference', spanId: 'c', type: 'Error', message: 'no' }],
        children: [
          {
            id: 'c',
            name: 'charge',
            kind: 'internal',
            status: 'failed',
            level: 'info',
            start: '2026-11-22T15:00:00.001Z',
            durationMs: 2.5,
            startTime: '1795359600001000000',
            endTime: '1795359600003500000',
            site: {
              id: 'src/order.ts#charge',
              name: 'charge',
              functionKind: 'function',
              file: 'src/order.ts',
              line: 1,
              column: 1,
            },
            attributes: {},
            messages: [],
            exitError: { kind: 'error', type: 'Error', message: 'no', stack: 'Error: no', attributes: {} },
            handledErrors: [],
            children: [],
          },
          {
            id: 'd',
            parentId: 'a',
            name: 'mail',
            kind: 'internal',
            status: 'started',
            level: 'info',
            start: '2026-11-22T15:00:00.003Z',
            startTime: '1795359600003500000',
            attributes: {},
            messages: [],
            handledErrors: [],
            floating: true,
            children: [],
          },
        ],
      },
    })
  })

  test('is one line whatever the strings are', () => {
    const nasty = 'a\nb\r\u2028\u2029\u0085\ud800"\\\0'
    const line = jsonLine(tree(span(nasty, { attributes: { [nasty]: nasty } }, message(nasty))))
    expect(line).not.toMatch(/[\p{Cc}\p{Cs}\u2028\u2029]/u)
    expect(JSON.parse(line).root.name).toBe(nasty)
  })

  test('is valid even where a value is not the JSON that it should be', () => {
    const cycle: { self?: unknown } = {}
    cycle.self = cycle
    const values = [
      { n: 1n },
      cycle,
      {
        get bad() {
          throw new Error('no')
        },
      },
      {
        toJSON() {
          throw new Error('no')
        },
      },
      undefined,
    ]
    for (const attributes of values) {
      const root = { ...span('odd', {}, message('still here')), attributes } as unknown as Span
      expect(JSON.parse(jsonLine(tree(root))).root.messages[0].text).toBe('still here')
    }
    const odd = { ...span('odd'), startTime: 10n ** 30n }
    expect(JSON.parse(jsonLine({ traceId: 'none', root: odd })).root.startTime).toBe(`1${'0'.repeat(30)}`)
  })

  test('takes trees deeper than the stack, and wide ones, in less than a second', () => {
    let deep = span('bottom')
    for (let i = 0; i < 20_000; i++) deep = span(`level ${i}`, {}, deep)
    const wide = span('wide', {}, ...Array.from({ length: 20_000 }, (_, i) => span('call', { attributes: { i } })))
    const lines: string[] = []
    expect(processorTime(() => lines.push(jsonLine(tree(deep)), jsonLine(tree(wide))))).toBeLessThan(1000)
    expect(lines[0]!.match(/"level \d+"/g)?.length).toBeGreaterThanOrEqual(20_000)
    expect(JSON.parse(lines[1]!).root.children[19_999].attributes).toEqual({ i: 19_999 })
  })

  test('is what the engine would write, also where it is put together by hand', () => {
    const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('\u2028', '"', '\\', '\x7f', 'ü'))
    const startTime = fc.oneof(fc.bigInt(-(10n ** 20n), 10n ** 20n), fc.bigInt(1_700_000_000n * 10n ** 9n, 2n ** 61n))
    const duration = fc.oneof(fc.constant(undefined), fc.bigInt(0n, 3_000_000_000n), fc.bigInt(-5n, 10n ** 19n))
    const place = { id: text, name: text, file: text, line: fc.nat(), column: fc.nat(), parameters: fc.constant([]) }
    const site = fc.record({ ...place, functionKind: fc.constant('function' as const), options: fc.constant({}) })
    const shape = {
      name: text,
      kind: text,
      id: text,
      parentId: fc.option(text, { nil: undefined }),
      startTime,
      duration,
    }
    const attributes = fc.oneof(fc.constant({}), fc.dictionary(text, fc.jsonValue()))
    const more = { attributes, site: fc.option(site, { nil: undefined }), dropped: fc.constantFrom(undefined, 3) }
    fc.assert(
      fc.property(fc.record({ ...shape, ...more }), ({ duration, ...fields }) => {
        const endTime = duration === undefined ? undefined : fields.startTime + duration
        const any = { ...span('any'), ...fields, endTime } as unknown as Span
        for (const forPeople of [true, false]) {
          expect(`{${spanMembers(any, forPeople)}}`).toBe(stringify(spanFields(any, forPeople)))
        }
      }),
      { numRuns: 1_000 },
    )
  })

  test('comes in pieces', () => {
    const wide = tree(span('wide', {}, ...Array.from({ length: 10_000 }, () => span('call'))))
    const chunks = [...jsonChunks(wide)]
    expect(chunks.length).toBeGreaterThan(2)
    expect(chunks.join('')).toBe(jsonLine(wide))
  })
})

describe('the JSON exporter', () => {
  test('writes a line a trace', () => {
    const stream = new FakeStream()
    const exporter = new JsonExporter({ stream })
    exporter.export(tree(span('one')))
    exporter.export(tree(span('two')))
    expect(stream.text.endsWith('\n')).toBe(true)
    expect(
      stream.text
        .trimEnd()
        .split('\n')
        .map(line => JSON.parse(line).name),
    ).toEqual(['one', 'two'])
  })

  test.each(['stdout', 'stderr'])('loses nothing on a pipe when the process exits at once (%s)', name => {
    const { status, ...result } = run(`
      const exporter = new JsonExporter({ stream: process.${name} })
      const root = span('big', { attributes: { text: 'x'.repeat(3_000_000) } })
      exporter.export(tree(root))
      exporter.export(tree(span('last')))
      exporter.flushSync()
      process.exit(3)`)
    const names = result[name as 'stdout']
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line).name)
    expect({ status, names }).toEqual({ status: 3, names: ['big', 'last'] })
  })

  test('survives a reader that went away', () => {
    const { status, stderr } = run(
      `
      const exporter = new JsonExporter({ stream: process.stdout })
      for (let i = 0; i < 100; i++) exporter.export(tree(span('x', { attributes: { text: 'x'.repeat(100_000) } })))
      await exporter.flush(1000)
      exporter.flushSync()
      console.error('alive, dropped ' + (exporter.dropped > 90))`,
      '| head -c 10',
    )
    expect({ status, stderr }).toEqual({ status: 0, stderr: 'alive, dropped true\n' })
  })
})

/** Runs a program in a process of its own, its standard output piped through `pipe` by a shell. */
function run(program: string, pipe = ''): { status: number | null; stdout: string; stderr: string } {
  const here = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href)
  const source = `
    import { JsonExporter } from ${here('../../runtime/exporters/json.ts')}
    import { span, tree } from ${here('../support/trees.ts')}
    ${program}`
  const command = `"$NODE" --input-type=module --no-warnings --eval "$SOURCE" ${pipe}`
  return spawnSync('sh', ['-c', command], {
    env: { PATH: process.env['PATH'], NODE: process.execPath, SOURCE: source },
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  })
}
