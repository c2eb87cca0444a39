import { describe, expect, test } from 'vitest'
import { newTraceId, spanContextOf, traceHeaders, w3cTraceId } from '../../model/index.ts'
import { loadProgram, recorder, renderTree, run, runtime } from './program.ts'

const [SPAN, TRACE] = ['00f067aa0ba902b7', '4bf92f3577b34da6a3ce929d0e0e4736']

describe('W3C trace context', () => {
  const traceId = newTraceId(Date.now())
  const context = { traceId, spanId: SPAN, sampled: true, traceState: 'congo=t61rcWkgMzE,rojo=00' }

  test('what is written is read again', () => {
    const { traceparent, tracestate } = traceHeaders(context)
    expect(traceparent).toBe(`00-${w3cTraceId(traceId)}-${SPAN}-01`)
    expect(tracestate).toBe(`span-tree=${traceId},congo=t61rcWkgMzE,rojo=00`)
    expect(spanContextOf(traceparent, tracestate, 0)).toEqual(context)
    expect(spanContextOf(traceHeaders({ ...context, sampled: false }).traceparent, undefined, 0)?.sampled).toBe(false)
  })

  test.each([
    ['another version', `cc-${TRACE}-${SPAN}-01`, true],
    ['a later version with more fields', `cc-${TRACE}-${SPAN}-01-what`, true],
    ['more fields in this version', `00-${TRACE}-${SPAN}-01-what`, false],
    ['the version that may not be', `ff-${TRACE}-${SPAN}-01`, false],
    ['no trace', `00-${'0'.repeat(32)}-${SPAN}-01`, false],
    ['no span', `00-${TRACE}-${'0'.repeat(16)}-01`, false],
    ['upper case', `00-${TRACE.toUpperCase()}-${SPAN}-01`, false],
    ['too short', `00-${TRACE.slice(1)}-${SPAN}-01`, false],
    ['nothing', '', false],
  ])('%s', (_, traceparent, valid) => {
    expect(spanContextOf(traceparent, undefined, Date.now()) !== undefined).toBe(valid)
  })

  test('a ksuid that names another trace is not taken: someone in between began a trace of their own', () => {
    const found = spanContextOf(`00-${TRACE}-${SPAN}-01`, `rojo=1,span-tree=${traceId}`, Date.now())!
    expect(w3cTraceId(found.traceId)).toBe(TRACE)
    expect(found.traceState).toBe('rojo=1')
    for (const state of ['span-tree=', 'span-tree=zzzzzzzzzzzzzzzzzzzzzzzzzzz', ',,=,', '\u0000'])
      expect(w3cTraceId(spanContextOf(`00-${TRACE}-${SPAN}-01`, state, Date.now())!.traceId)).toBe(TRACE)
  })

  test('entries that are too many or too long are left out from the right', () => {
    const others = Array.from({ length: 60 }, (_, i) => `v${i}=${'x'.repeat(20)}`).join(',')
    const { tracestate } = traceHeaders({ ...context, traceState: others })
    expect(tracestate.length).toBeLessThanOrEqual(512)
    expect(tracestate.startsWith(`span-tree=${traceId},v0=`)).toBe(true)
  })
})

describe('inject and extract', () => {
  const code = `
    import { inject } from 'span-tree'
    function leaf(carrier) { return inject(carrier) }
    export const main = carrier => leaf(carrier)`

  test.each([
    ['an object', () => ({})],
    ['a Map', () => new Map()],
    ['Headers', () => new Headers()],
  ])('through %s', async (_, carrier) => {
    const { main } = await loadProgram<{ main(carrier: object): never }>(code)
    recorder.clear()
    const context = runtime.extract(main(carrier()))
    expect(context).toEqual({ traceId: recorder.trees[0]!.traceId, spanId: recorder.find('leaf')!.id, sampled: true })
  })

  test('from an environment, from lists, and from bytes', () => {
    const traceparent = `00-${TRACE}-${SPAN}-01`
    const traceId = (carrier: object): string | undefined =>
      runtime.extract(carrier as never)?.traceId.length.toString()
    expect(traceId({ TRACEPARENT: traceparent })).toBe('27')
    expect(traceId({ traceparent: [traceparent], tracestate: ['a=1', 'b=2'] })).toBe('27')
    expect(traceId({ traceparent: Buffer.from(traceparent) })).toBe('27')
    expect([traceId({}), traceId({ traceparent: 7 }), traceId({ traceparent: 'x' })]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })

  test('outside any span nothing is written; what goes on is below the span it goes on from', async () => {
    expect(runtime.inject({})).toEqual({})
    const { main } = await loadProgram<{ main(carrier: object): { tracestate: string } }>(code)
    recorder.clear()
    const carrier = main({})
    const handled = runtime.continueTrace(runtime.extract(carrier), () => main({}))
    const [first, second] = recorder.trees
    expect(second).toMatchObject({ remote: true, traceId: first!.traceId })
    expect(second!.root.parentId).toBe(first!.root.children[0]!.id)
    expect(handled.tracestate).toBe(carrier.tracestate)
    expect(runtime.continueTrace(undefined, () => 'as it is')).toBe('as it is')
  })

  test('what goes on from a span that itself went on is below that span', async () => {
    const { main } = await loadProgram<{ main(carrier: object): { traceparent: string } }>(code)
    recorder.clear()
    const parent = { traceparent: `00-${TRACE}-${SPAN}-01` }
    const carrier = runtime.continueTrace(runtime.extract(parent), () => main({}))
    expect(runtime.extract(carrier)?.spanId).toBe(recorder.find('leaf')!.id)
    // The same for what comes after its trace was exported.
    const { later } = await loadProgram<{ later(): () => { traceparent: string } }>(`
      import { AsyncResource } from 'node:async_hooks'
      import { inject } from 'span-tree'
      function inner() { return inject({}) }
      export const later = () => AsyncResource.bind(inner)`)
    const callback = later()
    void recorder.trees
    const { spanId } = runtime.extract(callback())!
    expect(spanId).toBe(recorder.find('inner')!.id)
  })

  test('a span begun by hand takes what was extracted as its parent', async () => {
    const logger = runtime.getLogger('t')
    recorder.clear()
    const parent = runtime.extract({ traceparent: `00-${TRACE}-${SPAN}-01` })
    expect(logger.span('handle', { parent }, () => 1)).toBe(1)
    expect(recorder.trees).toMatchObject([{ remote: true, root: { name: 'handle', parentId: SPAN } }])
    expect(w3cTraceId(recorder.trees[0]!.traceId)).toBe(TRACE)
  })
})

describe('references of messages', () => {
  test('sender and receiver name the same reference, and the receiver knows the sender', async () => {
    const { trees } = await run(
      `
      import { getLogger } from 'span-tree'
      const logger = getLogger('t')
      const send = () => ({ body: 1, metadata: { ref: logger.ref() } })
      function handle(message) { logger.linkRef(message.metadata.ref); logger.linkRef('of another system') }
      export function main() { const message = send(); setImmediate(handle, message) }`,
      2,
    )
    const spans = runtime.getRecorder().trees.flatMap(({ root }) => [root, ...root.children])
    const [sender, receiver] = ['send', 'handle'].map(name => spans.find(span => span.name === name)!)
    const [reference] = sender!.references!
    expect(reference!.role).toBe('source')
    expect(receiver!.references).toEqual([
      { id: reference!.id, role: 'destination' },
      { id: 'of another system', role: 'destination' },
    ])
    expect(receiver!.links).toEqual([{ traceId: trees[0]!.traceId, spanId: sender!.id }])
  })

  test('outside any span, too, nothing is lost', () => {
    recorder.clear()
    const logger = runtime.getLogger('outside')
    logger.linkRef(logger.ref())
    const [source, destination] = recorder.trees
    expect(destination!.root.links).toEqual([{ traceId: source!.traceId, spanId: source!.root.id }])
    expect(destination!.root.references![0]!.id).toBe(source!.root.references![0]!.id)
  })
})

test('a new trace has a link to the one that started it', async () => {
  const { trees } = await run(
    `
    import { getLogger } from 'span-tree'
    export function main() { return getLogger('t').span('job', { newTrace: true }, () => 1) }`,
    2,
  )
  const [job, main] = [runtime.getRecorder().find('job')!, runtime.getRecorder().find('main')!]
  const trace = trees.find(({ root }) => root.name === 'main')!
  expect(job.links).toEqual([{ traceId: trace.traceId, spanId: main.id }])
  expect(renderTree(trees).split('\n').sort()).toEqual(['job', 'main', '└─ main › <anonymous @ span>'])
})
