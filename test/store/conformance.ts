import fc from 'fast-check'
import { expect, test } from 'vitest'
import { traceIdOf, w3cTraceId } from '../../model/index.ts'
import { renderTerminal } from '../../runtime/exporters/index.ts'
import type { ErrorGroup, SpanRecord, TraceStore } from '../../store/index.ts'
import { batches, type Plan, plans } from './sequences.ts'
import { at, batch, failed, NOON, running, site, span, spanId, traceId } from './spans.ts'

/** `now`: its clock, in milliseconds. */
export type OpenStore = (now: () => number) => TraceStore

const NS = 'default'

/** What every engine has to do. `runs`: of generated sequences. */
export function conformance(open: OpenStore, runs: number): void {
  let now = NOON
  const fresh = (): TraceStore => {
    now = NOON
    return open(() => now)
  }

  test('a span comes back as it was', async () => {
    const store = fresh()
    const id = traceId()
    const root = span({
      traceId: id,
      site: site('main', 3),
      kind: 'server',
      level: 'warning',
      attributes: { text: 'ü\u0000', list: [1, null, { deep: true }] },
      messages: [{ time: at(1) + 7n, level: 'error', text: 'hello', logger: 'a.b', attributes: { n: 1 } }],
      slow: { p50: 1n, p99: 2n ** 60n },
      calls: { count: 3, failed: 1, total: 9n, min: 1n, max: 5n, p50: 3n, p99: 5n, queueMax: 2n ** 60n },
      queueDuration: 17n,
      dropped: 4,
      floating: true,
      links: [{ traceId: traceId(), spanId: spanId(9), attributes: { why: 'retry' } }],
      references: [{ id: 'r1', role: 'source' }],
    })
    const reference = {
      kind: 'reference',
      spanId: spanId(0xfedcba9876543),
      type: 'TypeError',
      message: 'no price',
    } as const
    const parent = span({ traceId: id, id: spanId(2), parentId: root.id, name: 'parent', handledErrors: [reference] })
    const child = failed({ traceId: id, id: 'ffffffffffffffff', parentId: parent.id, name: 'child' })
    await store.write(batch([child, root, parent]))
    const found = await store.trace(NS, id)
    const shown = (each: SpanRecord, ...children: object[]): object => {
      const { traceId: _, rev: __, ...fields } = each
      return { ...fields, children }
    }
    expect(found).toEqual({
      kind: 'found',
      trees: [{ traceId: id, root: shown(root, shown(parent, shown(child))) }],
      summary: {
        traceId: id,
        name: 'main',
        status: 'OK',
        slow: true,
        start: at(0),
        duration: 10_000_000n,
        spans: 3,
        errors: 1,
        tags: { app: 'shop', version: '1.0.0' },
      },
    })
    await store.close()
  })

  test('the order of arrival, copies and batches make no difference', async () => {
    await fc.assert(
      fc.asyncProperty(plans, async plan => {
        const [inOrder, shuffled] = await Promise.all([observed(fresh(), plan, false), observed(fresh(), plan, true)])
        expect(shuffled).toEqual(inOrder)
      }),
      { numRuns: runs },
    )
  })

  test('a start that comes after its end changes nothing', async () => {
    const store = fresh()
    const ended = span({ traceId: traceId() })
    await store.write(batch([ended]))
    const before = await everything(store, [ended.traceId])
    await store.write(batch([running(ended)]))
    await store.write(batch([running(ended), ended]))
    expect(await everything(store, [ended.traceId])).toEqual(before)
    await store.close()
  })

  test('a running trace is shown as such, until it ends', async () => {
    const store = fresh()
    const ended = span({ traceId: traceId() })
    await store.write(batch([running(ended)]))
    expect(await store.dashboard(NS)).toEqual([{ name: 'main', status: 'running', count: 1, last: at(0) }])
    await store.write(batch([ended]))
    expect(await store.dashboard(NS)).toEqual([{ name: 'main', status: 'OK', count: 1, last: at(0) }])
    await store.close()
  })

  test('a trace is named after what began it, as far as that has come', async () => {
    const store = fresh()
    const id = traceId()
    const name = async (): Promise<string | undefined> => (await store.traces(NS))[0]?.name
    const below = (n: number, more: Partial<SpanRecord> = {}): SpanRecord =>
      span({ traceId: id, id: spanId(n), parentId: spanId(1), name: `f${n}`, startTime: at(n), ...more })
    await store.write(batch([below(5)]))
    expect(await name()).toBe('f5')
    await store.write(batch([below(6), below(4)]))
    expect(await name()).toBe('f4')
    await store.write(batch([below(9, { remote: true })], { app: 'other' }))
    expect(await store.traces(NS, { tags: { app: 'other' } })).toMatchObject([{ name: 'f9', start: at(9) }])
    await store.write(batch([running(span({ traceId: id, startTime: at(0) }))]))
    expect(await store.traces(NS)).toMatchObject([{ name: 'main', status: 'running', tags: { app: 'shop' }, spans: 5 }])
    expect(await store.dashboard(NS)).toEqual([{ name: 'main', status: 'running', count: 1, last: at(0) }])
    await store.close()
  })

  test('a trace is found by its ksuid, by its W3C id, by the beginning of either', async () => {
    const store = fresh()
    const [a, b] = [traceId(0), traceId(5_000)]
    await store.write(batch([span({ traceId: a }), span({ traceId: b })]))
    const found = async (id: string): Promise<unknown> => {
      const lookup = await store.trace(NS, id)
      return lookup.kind === 'found'
        ? lookup.summary.traceId
        : lookup.kind === 'ambiguous'
          ? [...lookup.traceIds].sort()
          : lookup.kind
    }
    const common = [...a].findIndex((letter, i) => letter !== b[i])
    expect(
      await Promise.all([a, w3cTraceId(b), w3cTraceId(b).toUpperCase(), b.slice(0, common + 1)].map(found)),
    ).toEqual([a, b, b, b])
    const hex = [...w3cTraceId(a)].findIndex((digit, i) => digit !== w3cTraceId(b)[i])
    expect(await found(a.slice(0, common))).toEqual([a, b].sort())
    if (/[a-f]/.test(w3cTraceId(a).slice(0, hex + 1))) expect(await found(w3cTraceId(a).slice(0, 12))).toBe(a)
    for (const none of ['', traceId(), 'zzz', "' OR 1=1", 'z'.repeat(27), 'f'.repeat(32)])
      expect(await found(none)).toBe('none')
    await store.close()
  })

  test('namespaces know nothing of each other, whatever ids they choose', async () => {
    const store = fresh()
    const id = traceId()
    await store.write({
      ...batch([failed({ traceId: id, name: 'mine', references: [{ id: 'r', role: 'source' }] })]),
      namespace: 'a',
    })
    await store.write({
      ...batch([failed({ traceId: id, name: 'theirs', references: [{ id: 'r', role: 'destination' }] })]),
      namespace: 'b',
    })
    for (const [namespace, name] of [
      ['a', 'mine'],
      ['b', 'theirs'],
    ] as const) {
      expect(await store.trace(namespace, id)).toMatchObject({ summary: { name, spans: 1 } })
      expect((await store.traces(namespace, { text: 'price' })).map(each => each.name)).toEqual([name])
      expect((await store.dashboard(namespace)).map(each => each.name)).toEqual([name])
      expect(await store.references(namespace, 'r')).toHaveLength(1)
      expect((await store.functions(namespace)).map(each => each.name)).toEqual([name])
    }
    const [group] = await store.errorGroups('a')
    expect(await store.errorGroup('b', group!.id)).toBeUndefined()
    await expect(store.annotate('b', group!.id, { note: 'x' })).rejects.toMatchObject({ code: 'invalid' })
    expect(await store.traces('c')).toEqual([])
    expect((await store.namespaces()).map(each => [each.name, each.traces, each.apps])).toEqual([
      ['a', 1, [{ app: 'shop', versions: ['1.0.0'] }]],
      ['b', 1, [{ app: 'shop', versions: ['1.0.0'] }]],
    ])
    await store.close()
  })

  test('spans that cannot be kept are refused one by one, with the reason', async () => {
    const store = fresh()
    const good = span({ traceId: traceId() })
    const bad = [
      { ...good, traceId: 'short' },
      { ...good, traceId: 'z'.repeat(27) },
      { ...good, id: 'XYZ' },
      { ...good, parentId: 'DEADBEEF' },
      { ...good, rev: -1n },
      { ...good, startTime: 2n ** 64n },
      { ...good, endTime: -5n },
    ]
    const result = await store.write(batch([...bad, good]))
    expect(result.accepted).toBe(1)
    expect(result.refused.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6])
    expect(result.refused[2]?.reason).toBe('id is not 16 hex digits in lower case')
    expect(await store.traces(NS)).toHaveLength(1)
    await store.close()
  })

  test('traces and dashboard are filtered by tags, status, name, speed and time', async () => {
    const store = fresh()
    const HOUR = 3_600_000
    const one = (name: string, start: number, more: Partial<SpanRecord> = {}): SpanRecord =>
      span({ traceId: traceId(start), name, startTime: at(start), endTime: at(start + 10), ...more })
    await store.write(
      batch([one('a', 0), one('b', 1, { status: 'failed' }), one('a', 2 * HOUR)], { app: 'x', host: '1' }),
    )
    await store.write(
      batch([one('a', HOUR, { slow: { p50: 1n, p99: 2n } }), one('c', 3 * HOUR)], { app: 'x', host: '2' }),
    )
    const names = async (query: Parameters<TraceStore['traces']>[1]): Promise<string> =>
      (await store.traces(NS, query))
        .map(each => `${each.name}${((Number(each.start / 1_000_000n) - NOON) / HOUR) | 0}`)
        .join(' ')
    expect(await names({})).toBe('c3 a2 a1 b0 a0')
    expect(await names({ limit: 2 })).toBe('c3 a2')
    expect(await names({ tags: { host: '1' } })).toBe('a2 b0 a0')
    expect(await names({ tags: { app: 'x', host: '2' } })).toBe('c3 a1')
    expect(await names({ tags: { host: '3' } })).toBe('')
    expect(await names({ statuses: ['FAIL'] })).toBe('b0')
    expect(await names({ name: 'a' })).toBe('a2 a1 a0')
    expect(await names({ speed: 'slow' })).toBe('a1')
    expect(await names({ since: at(1), until: at(2 * HOUR) })).toBe('a1 b0')
    const rows = async (filter: Parameters<TraceStore['dashboard']>[1]): Promise<string[]> =>
      (await store.dashboard(NS, filter)).map(
        each => `${each.name} ${each.status} ${each.count} ${(each.last - at(0)) / 1_000_000n}`,
      )
    expect(await rows({})).toEqual([`c OK 1 ${3 * HOUR}`, `a OK 3 ${2 * HOUR}`, 'b FAIL 1 1'])
    expect(await rows({ until: at(2 * HOUR) })).toEqual([`a OK 2 ${HOUR}`, 'b FAIL 1 1'])
    expect(await rows({ since: at(1), until: at(2 * HOUR + 1) })).toEqual([`a OK 2 ${2 * HOUR}`, 'b FAIL 1 1'])
    expect(await rows({ speed: 'fast', tags: { host: '2' } })).toEqual([`c OK 1 ${3 * HOUR}`])
    await store.close()
  })

  test('text is found in names, messages, errors and values, before it is indexed and after', async () => {
    const store = fresh()
    const time = { time: at(1), level: 'info', logger: 'l' } as const
    const ids = [0, 1, 2].map(traceId)
    await store.write(
      batch([
        span({
          traceId: ids[0]!,
          messages: [{ ...time, text: 'Order 4711 accepted', attributes: { who: 'Zoë "Z"' } }],
        }),
        failed({ traceId: ids[1]!, name: 'checkout' }, 'card 4712 declined'),
        span({ traceId: ids[2]!, attributes: { path: ['a', { deep: '100 % sure' }] } }),
      ]),
    )
    const found = async (text: string): Promise<number[]> =>
      (await store.traces(NS, { text })).map(each => ids.indexOf(each.traceId)).sort()
    for (const _ of ['before', 'after']) {
      expect(await found('ORDER')).toEqual([0])
      expect(await found('"order 4711"')).toEqual([0])
      expect(await found('"order accepted"')).toEqual([])
      expect(await found('accepted order')).toEqual([0])
      expect(await found('471')).toEqual([0, 1])
      expect(await found('zoë')).toEqual([0])
      expect(await found('"Z"')).toEqual([0])
      expect(await found('declined check')).toEqual([1])
      expect(await found('TypeError')).toEqual([1])
      expect(await found('100 %')).toEqual([2])
      expect(await found('"')).toEqual([0, 1, 2])
      expect(await found('nowhere')).toEqual([])
      while (await store.maintain());
    }
    await store.write(batch([span({ traceId: ids[2]!, id: spanId(2), parentId: spanId(1), name: 'latecomer' })]))
    while (await store.maintain());
    expect(await found('latecomer')).toEqual([2])
    expect(await found('sure')).toEqual([2])
    await store.close()
  })

  test('errors group by type and throwing site, and are annotated once', async () => {
    const store = fresh()
    const error = (n: number, message = `no price for ${n}`): SpanRecord =>
      failed({ traceId: traceId(n), site: site('price'), name: 'price', startTime: at(n), endTime: at(n + 1) }, message)
    await store.write(batch([error(1), error(2)]))
    const [group, ...others] = await store.errorGroups(NS)
    expect(others).toEqual([])
    expect(group).toMatchObject({
      type: 'TypeError',
      message: 'no price for 2',
      siteId: 'src/price.ts#price',
      groupedBy: 'site',
      because: 'TypeError thrown in src/price.ts#price',
      state: 'new',
      count: 2,
      first: NOON + 2,
      last: NOON + 3,
      firstVersion: '1.0.0',
      marks: {},
    })
    const statuses = async (): Promise<string[]> => (await store.traces(NS)).map(each => each.status)
    await store.annotate(NS, group!.id, { marks: { severity: 'WARN' }, note: 'known' })
    await store.write(batch([error(3)]))
    await store.annotate(NS, group!.id, { marks: { crash: true } })
    await store.write(batch([error(4)]))
    await store.annotate(NS, group!.id, { marks: { silenced: true } })
    await store.write(batch([error(5)]))
    expect(await store.errorGroups(NS)).toEqual([])
    expect(await store.errorGroups(NS, { silenced: true })).toMatchObject([{ count: 5, note: 'known' }])
    expect(await statuses()).toEqual(['OK', 'CRASH', 'OK', 'FAIL', 'FAIL'])
    expect((await store.undo(NS, group!.id)).marks).toEqual({ crash: true })
    expect((await store.undo(NS, group!.id)).marks).toEqual({ severity: 'WARN' })
    const bare = await store.undo(NS, group!.id)
    expect([bare.marks, bare.note]).toEqual([{}, undefined])
    await expect(store.undo(NS, group!.id)).rejects.toMatchObject({ code: 'invalid' })
    await store.close()
  })

  test('an error that was survived fails its trace only where it is marked ALERT', async () => {
    const store = fresh()
    const trace = (n: number): SpanRecord[] => [
      span({ traceId: traceId(n), id: spanId(1), startTime: at(n) }),
      failed({ traceId: '', id: spanId(2), parentId: spanId(1), name: 'child', startTime: at(n) }),
    ]
    const together = ([root, child]: SpanRecord[]): SpanRecord[] => [root!, { ...child!, traceId: root!.traceId }]
    await store.write(batch(together(trace(1))))
    const [group] = await store.errorGroups(NS)
    await store.annotate(NS, group!.id, { marks: { severity: 'ALERT' } })
    await store.write(batch(together(trace(2))))
    expect((await store.traces(NS)).map(each => each.status)).toEqual(['FAIL', 'OK'])
    await store.close()
  })

  test('groups are resolved and come back, are archived and escalate', async () => {
    const store = fresh()
    const error = (time: number): SpanRecord =>
      failed({ traceId: traceId(time), startTime: at(time), endTime: at(time) })
    await store.write(batch([error(0)]))
    const id = (await store.errorGroups(NS))[0]!.id
    const state = async (): Promise<string | undefined> => (await store.errorGroup(NS, id))?.state
    now = NOON + 1_000
    await store.annotate(NS, id, { handling: { kind: 'resolved' } })
    await store.write(batch([error(999)]))
    expect(await state()).toBe('resolved')
    await store.write(batch([error(1_001)]))
    expect(await state()).toBe('regressed')
    await store.annotate(NS, id, { handling: { kind: 'resolved', version: '2.0.0' } })
    await store.write(batch([error(2_000)], { version: '1.10.0' }))
    expect(await state()).toBe('resolved')
    await store.write(batch([error(3_000)], { version: '2.0.1' }))
    expect(await state()).toBe('regressed')
    await store.annotate(NS, id, { handling: { kind: 'archived', until: { more: 2 } } })
    await store.write(batch([error(4_000)]))
    expect(await state()).toBe('archived')
    await store.write(batch([error(5_000)]))
    expect(await state()).toBe('escalating')
    now += 8 * 86_400_000
    expect(await state()).toBe('ongoing')
    expect(await store.errorGroups(NS, { states: ['new'] })).toEqual([])
    await store.close()
  })

  test('groups are merged and unmerged, and lose nothing', async () => {
    const store = fresh()
    const error = (n: number, name: string): SpanRecord =>
      failed({ traceId: traceId(n), site: site(name), startTime: at(n) }, `message of ${name}`)
    await store.write(batch([error(1, 'a'), error(2, 'b'), error(3, 'c')]))
    const ids = new Map((await store.errorGroups(NS)).map(each => [each.siteId?.at(-1), each.id]))
    const [a, b, c] = ['a', 'b', 'c'].map(name => ids.get(name)!) as [number, number, number]
    await store.merge(NS, a, b)
    await store.merge(NS, b, c)
    await store.annotate(NS, c, { marks: { crash: true } })
    await store.write(batch([error(4, 'a')]))
    expect(await store.errorGroups(NS)).toMatchObject([{ id: c, count: 4, merged: [b, a] }])
    expect((await store.errorGroup(NS, c))?.message).toBe('message of c')
    expect((await store.traces(NS))[0]?.status).toBe('CRASH')
    await expect(store.merge(NS, c, a)).rejects.toMatchObject({ code: 'invalid' })
    expect(await store.unmerge(NS, a)).toMatchObject({ id: a, count: 2, marks: {} })
    expect(await store.errorGroup(NS, c)).toMatchObject({ count: 2, merged: [b] })
    await store.close()
  })

  test('ksuids that differ in their time alone are one trace, under the one that came first', async () => {
    const store = fresh()
    const first = traceId()
    const second = traceIdOf(w3cTraceId(first), NOON + 3_600_000)
    expect(second).not.toBe(first)
    await store.write(batch([span({ traceId: first, name: 'root' })]))
    const child = { id: spanId(2), parentId: spanId(1), name: 'child' }
    await store.write(batch([span({ traceId: second, ...child }), span({ traceId: first, ...child, id: spanId(3) })]))
    await store.write(batch([span({ traceId: first, ...child, id: spanId(3) }), span({ traceId: second, ...child })]))
    expect(await store.traces(NS)).toMatchObject([{ traceId: first, name: 'root', spans: 3 }])
    for (const id of [first, second, w3cTraceId(first)]) {
      const found = await store.trace(NS, id)
      expect(found.kind === 'found' && found.trees.map(({ root }) => root.children.length)).toEqual([2])
    }
    await store.close()
  })

  test('references are found from either side, whichever came first', async () => {
    const store = fresh()
    const [sender, receiver] = [traceId(), traceId()]
    await store.write(batch([span({ traceId: receiver, references: [{ id: 'm1', role: 'destination' }] })]))
    const destination = { role: 'destination', traceId: receiver, spanId: spanId(1) }
    expect(await store.references(NS, 'm1')).toEqual([destination])
    await store.write(batch([span({ traceId: sender, references: [{ id: 'm1', role: 'source' }] })]))
    expect(await store.references(NS, 'm1')).toEqual([
      { role: 'source', traceId: sender, spanId: spanId(1) },
      destination,
    ])
    await store.close()
  })

  test('functions have their latency by version, and versions that made them slower', async () => {
    const store = fresh()
    const calls = (duration: number, count: number): SpanRecord[] =>
      Array.from({ length: count }, (_, i) =>
        span({
          traceId: traceId(),
          site: site('work'),
          name: 'work',
          endTime: at(0) + BigInt(duration * 1_000_000 + i),
        }),
      )
    await store.write(batch(calls(10, 150), { version: '1.0.0' }))
    await store.write(batch(calls(30, 150), { version: '1.1.0' }))
    const [slower, faster] = await store.functions(NS)
    expect([slower, faster].map(each => [each?.version, each?.count])).toEqual([
      ['1.1.0', 150],
      ['1.0.0', 150],
    ])
    expect(Math.abs(slower!.p99 / 30e6 - 1)).toBeLessThan(0.011)
    const [regression] = await store.regressions(NS, '1.1.0')
    expect(regression).toMatchObject({ name: 'work', quantile: 'p50', version: '1.1.0' })
    expect((await store.trace(NS, regression!.example!.traceId)).kind).toBe('found')
    expect(await store.regressions(NS, '1.0.0')).toEqual([])
    await store.write(batch([span({ traceId: traceId(), slow: { p50: 1n, p99: 2n } })]))
    expect(await store.slowSpans(NS)).toMatchObject([{ name: 'main', duration: 10_000_000n, p99: 2n }])
    await store.close()
  })

  test.each([
    ['its own code', 60, 4, { before: 4e6, now: 54e6 }],
    ['what it calls', 30, 24, { id: site('query').id, name: 'query', before: 4e6, now: 24e6 }],
  ] as const)('what made a function slower: %s', async (_, total, inQuery, grown) => {
    const store = fresh()
    const calls = (work: number, query: number): SpanRecord[] =>
      Array.from({ length: 120 }, () => {
        const id = traceId()
        const called = { traceId: id, parentId: spanId(1) }
        return [
          span({ traceId: id, name: 'work', site: site('work'), endTime: at(work) }),
          span({ ...called, id: spanId(2), name: 'query', site: site('query'), endTime: at(query) }),
          span({ ...called, id: spanId(3), name: 'render', startTime: at(query), endTime: at(query + 2) }),
        ]
      }).flat()
    await store.write(batch(calls(10, 4), { version: '1' }))
    await store.write(batch(calls(total, inQuery), { version: '2' }))
    const regressions = await store.regressions(NS, '2')
    expect(regressions.find(({ name }) => name === 'work')?.growth).toEqual([grown])
    await store.close()
  })

  test('what a function waits for is told where it is: also behind calls that have returned', async () => {
    const store = fresh()
    const calls = (load: number): SpanRecord[] =>
      Array.from({ length: 120 }, () => {
        const id = traceId()
        const called = (name: string, of: number, n: number, end: number): SpanRecord =>
          span({ traceId: id, id: spanId(n), parentId: spanId(of), name, site: site(name), endTime: at(end) })
        return [
          span({ traceId: id, name: 'main', site: site('main'), endTime: at(load + 2) }),
          called('each', 1, 2, 1),
          called('load', 2, 3, load),
          called('rows', 3, 4, load - 1),
          called('parse', 4, 5, load - 2),
        ]
      }).flat()
    await store.write(batch(calls(10), { version: '1' }))
    await store.write(batch(calls(40), { version: '2' }))
    const regressions = await store.regressions(NS, '2')
    expect(regressions.map(({ name, growth }) => [name, growth?.[0]?.name, growth?.[0]?.now])).toEqual([
      ['parse', undefined, 38e6],
      ['rows', 'parse', 38e6],
      ['load', 'rows', 39e6],
      ['main', 'load', 39e6],
    ])
    await store.close()
  })

  test('a report compares a version with those that came before it', async () => {
    const store = fresh()
    const calls = (duration: number): SpanRecord[] =>
      Array.from({ length: 120 }, () => span({ traceId: traceId(), site: site('work'), endTime: at(duration) }))
    await store.write(batch(calls(10), { version: '1.10.0' }))
    await store.write(batch(calls(40), { version: '1.9.0' }))
    const { regressions } = await store.health(NS, { since: at(-3_600_000), until: at(3_600_000) })
    expect(regressions).toEqual([])
    expect(await store.regressions(NS, '1.9.0')).toMatchObject([{ version: '1.9.0' }])
    await store.close()
  })

  test('of a function in two versions at once, each call counts for that of its process', async () => {
    const store = fresh()
    const common = { traceId: '', parentId: spanId(1), name: 'work', site: site('work') }
    for (let i = 0; i < 120; i++) {
      const id = traceId(i)
      const [root, old, recent] = [
        span({ traceId: id, endTime: at(100) }),
        span({ ...common, traceId: id, id: spanId(2), remote: true, endTime: at(10) }),
        span({ ...common, traceId: id, id: spanId(3), remote: true, endTime: at(40) }),
      ]
      await store.write(batch([root], { app: 'gateway' }))
      await store.write(batch([old], { app: 'shop', version: '1' }))
      await store.write(batch([recent], { app: 'shop', version: '2' }))
    }
    expect((await store.regressions(NS, '2'))[0]).toMatchObject({ name: 'work', growth: [{ before: 10e6, now: 40e6 }] })
    await store.close()
  })

  test('keys open their namespace until they are revoked, and are not kept', async () => {
    const store = fresh()
    const { id, key } = await store.createKey('shop', 'laptop')
    expect(await store.namespaceOfKey(key)).toBe('shop')
    expect(await store.namespaceOfKey(`${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`)).toBeUndefined()
    expect(await store.namespaceOfKey('')).toBeUndefined()
    expect(await store.keys('shop')).toEqual([{ id, namespace: 'shop', label: 'laptop', created: NOON }])
    expect(await store.keys('other')).toEqual([])
    now += 5
    await store.revokeKey(id)
    expect(await store.namespaceOfKey(key)).toBeUndefined()
    expect(await store.keys()).toMatchObject([{ revoked: NOON + 5 }])
    await expect(store.revokeKey('nope')).rejects.toMatchObject({ code: 'invalid' })
    await store.close()
  })

  test('users are remembered with what they looked at last', async () => {
    const store = fresh()
    await store.visit('ann', 'a')
    now += 7
    await store.visit('ann', 'b')
    expect(await store.user('ann')).toEqual({ name: 'ann', lastNamespace: 'b', lastAccess: NOON + 7 })
    expect(await store.user('bob')).toBeUndefined()
    await store.close()
  })

  test('the health figures say what fails, what is new, what stopped and how the senders are', async () => {
    const store = fresh()
    await store.write(
      batch([
        span({ traceId: traceId(-50), name: 'nightly', startTime: at(-50) }),
        failed({ traceId: traceId(-40), startTime: at(-40), endTime: at(-39) }),
      ]),
    )
    await store.write({
      ...batch([
        failed({ traceId: traceId(1), startTime: at(1), endTime: at(2) }),
        failed({ traceId: traceId(2), startTime: at(2), endTime: at(3) }, 'other', 'RangeError'),
      ]),
      run: 3,
      health: { tracesExported: 4 },
    })
    const health = await store.health(NS, { since: at(0), until: at(100) })
    expect(health).toMatchObject({
      now: { FAIL: 2 },
      before: { OK: 1, FAIL: 1 },
      newErrors: [{ type: 'RangeError' }],
      recurringErrors: [{ type: 'TypeError', count: 2 }],
      stopped: [{ name: 'nightly', last: at(-50) }],
      senders: [{ tags: { app: 'shop' }, run: 3, health: { tracesExported: 4 } }],
    })
    await store.close()
  })

  test('what is too old goes, with everything that belongs to it, and nothing else', async () => {
    const store = fresh()
    const make = (n: number): SpanRecord[] => {
      const id = traceId(n)
      return [
        span({ traceId: id, startTime: at(n), slow: { p50: 1n, p99: 2n } }),
        failed({ traceId: id, id: spanId(2), parentId: spanId(1), references: [{ id: 'r', role: 'source' }] }),
      ]
    }
    const [old, kept] = [make(0), make(1)]
    await store.write(batch(old))
    while (await store.maintain());
    now += 10_000
    await store.write(batch(kept))
    while (await store.maintain({ maxAge: 5_000 }));
    expect((await store.traces(NS)).map(each => each.traceId)).toEqual([kept[0]!.traceId])
    expect(await store.trace(NS, old[0]!.traceId)).toEqual({ kind: 'none' })
    expect(await store.dashboard(NS)).toMatchObject([{ count: 1 }])
    expect(await store.references(NS, 'r')).toHaveLength(1)
    expect(await store.slowSpans(NS)).toHaveLength(1)
    expect(await store.traces(NS, { text: 'price' })).toHaveLength(1)
    expect(await store.errorGroups(NS)).toMatchObject([{ count: 2 }])
    await store.write(batch(old))
    expect(await store.traces(NS)).toHaveLength(2)
    await store.close()
  })

  test('groups of errors of which nothing is kept go, unless somebody has said something about them', async () => {
    const store = fresh()
    const TYPES = ['Nobody', 'Marked', 'Noted', 'Undone', 'Resolved', 'Merged', 'Into', 'Again', 'Last']
    const wrote = async (n: number, ...types: string[]): Promise<void> => {
      const spans = types.map((type, i) =>
        failed({ traceId: traceId(100 * n + i), startTime: at(n), endTime: at(n + 1) }, type, type),
      )
      await store.write(batch(spans))
    }
    const settled = async (): Promise<void> => {
      now += 2 * 3_600_000
      while (await store.maintain({ maxAge: 3_600_000 }));
    }
    const byType = async (): Promise<Map<string, ErrorGroup>> =>
      new Map((await store.errorGroups(NS, { silenced: true })).map(group => [group.type, group]))
    const ids = async (): Promise<number[]> => {
      const groups = await byType()
      return TYPES.map(type => groups.get(type)?.id ?? 0)
    }
    for (const [i, type] of TYPES.entries()) await wrote(i, type)
    const numbers = await ids()
    const [, marked = 0, noted = 0, undone = 0, resolved = 0, merged = 0, into = 0, again = 0] = numbers
    await store.annotate(NS, marked, { marks: { severity: 'OK' } })
    await store.annotate(NS, noted, { note: 'known' })
    await store.annotate(NS, undone, { marks: { crash: true } })
    await store.undo(NS, undone)
    await store.annotate(NS, resolved, { handling: { kind: 'resolved' } })
    await store.merge(NS, merged, into)
    while (await store.maintain());
    now += 2 * 3_600_000
    await wrote(50, 'Again')
    while (await store.maintain({ maxAge: 3_600_000 }));
    expect([...(await byType()).keys()].sort()).toEqual(['Again', 'Into', 'Last', 'Marked', 'Noted', 'Resolved'])
    expect((await byType()).get('Again')).toMatchObject({ id: again, count: 2 })
    expect((await byType()).get('Into')).toMatchObject({ merged: [merged] })
    await settled()
    expect((await byType()).get('Again')).toBeUndefined()
    // What is forgotten begins anew, with a number that nobody had.
    await wrote(60, 'Nobody', 'Marked')
    const after = await byType()
    expect(after.get('Nobody')).toMatchObject({ count: 1, state: 'new' })
    expect(Math.max(...numbers)).toBeLessThan(after.get('Nobody')!.id)
    expect(after.get('Marked')).toMatchObject({ id: marked, count: 2, marks: { severity: 'OK' } })
    await store.close()
  })

  test('parents in a circle, and parents that never come, leave no span out', async () => {
    const store = fresh()
    const id = traceId()
    const one = (n: number, parent: number): SpanRecord =>
      span({ traceId: id, id: spanId(n), parentId: spanId(parent), startTime: at(n) })
    await store.write(batch([one(1, 2), one(2, 1), one(3, 2), one(4, 99), one(5, 5)]))
    const found = await store.trace(NS, id)
    const tops = found.kind === 'found' ? found.trees.map(tree => tree.root.id) : []
    expect(tops.map(each => Number.parseInt(each, 16))).toEqual([1, 4, 5])
    await store.close()
  })
}

async function observed(store: TraceStore, plan: Plan, shuffled: boolean): Promise<unknown> {
  for (const each of batches(plan, shuffled)) await store.write(each)
  const seen = await everything(
    store,
    plan.traces.map(each => each.traceId),
  )
  await store.close()
  return seen
}

/** All that can be asked, without the numbers that the store gave. */
async function everything(store: TraceStore, ids: readonly string[]): Promise<unknown> {
  const found = await Promise.all(ids.map(id => store.trace(NS, id)))
  const groups = await store.errorGroups(NS)
  return {
    traces: found.map(each =>
      each.kind === 'found' ? { summary: each.summary, trees: each.trees.map(tree => renderTerminal(tree)) } : each,
    ),
    list: (await store.traces(NS)).map(each => each.traceId).sort(),
    dashboard: (await store.dashboard(NS)).map(each => JSON.stringify({ ...each, last: String(each.last) })).sort(),
    groups: groups.map(({ id: _, lastTraceId: __, message: ___, ...rest }) => JSON.stringify(rest)).sort(),
    functions: (await store.functions(NS))
      .map(({ slowest, ...rest }) => JSON.stringify({ ...rest, slowest: slowest.duration }))
      .sort(),
    slow: (await store.slowSpans(NS)).map(each => each.spanId).sort(),
    references: await store.references(NS, 'm'),
  }
}
