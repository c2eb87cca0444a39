import { EventEmitter } from 'node:events'
import {
  context,
  createContextKey,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Span as OurSpan } from '../../model/index.ts'
import { spansOf, w3cTraceId } from '../../model/index.ts'
import '../../otel/index.ts'
import { enter, exit, sites } from '../../runtime/abi.ts'
import { configure } from '../../runtime/configure.ts'
import { continueTrace, extract, inject } from '../../runtime/linking/carrier.ts'
import { getLogger } from '../../runtime/logger.ts'
import { collector } from '../../runtime/shared.ts'
import { getRecorder } from '../../runtime/start.ts'
import { untraced } from '../../runtime/untraced.ts'

const logger = getLogger('test')
const tracer = trace.getTracer('library')
const recorder = getRecorder()
const SUPPRESS = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING')

beforeEach(() => {
  configure({ mode: 'record' })
  recorder.clear()
})

/** Indented by depth. */
function names(): string {
  const lines = recorder.trees.flatMap(({ root }) =>
    Array.from(spansOf(root), ({ span, depth }) => '  '.repeat(depth) + span.name),
  )
  return lines.join('\n')
}

function found(name: string): OurSpan {
  const span = recorder.find(name)
  if (span === undefined) throw new Error(`no span ${name} in:\n${names()}`)
  return span
}

describe('parents', () => {
  test('theirs below ours below theirs, across awaits', async () => {
    await logger.span('ours', async () => {
      await tracer.startActiveSpan('theirs', async span => {
        await Promise.resolve()
        await logger.span('ours again', async () => {
          await Promise.resolve()
          tracer.startSpan('theirs again').end()
        })
        span.end()
      })
      tracer.startSpan('sibling').end()
    })
    expect(names()).toBe('ours\n  theirs\n    ours again\n      theirs again\n  sibling')
  })

  test('inside an instrumented synchronous function', () => {
    const [site] = sites('src/a.ts', undefined, [['compute', 'function', 3, 1]])
    const span = enter(site!)
    const active = trace.getActiveSpan()
    tracer.startSpan('theirs').end()
    expect(trace.getActiveSpan()).toBe(active)
    active?.setAttribute('size', 3)
    exit(span)
    expect(active?.isRecording()).toBe(false)
    expect(names()).toContain('compute')
    expect(found('compute').children.map(({ name }) => name)).toEqual(['theirs'])
    expect(found('compute').attributes).toEqual({ size: 3 })
    expect(active?.spanContext().spanId).toBe(found('compute').id)
  })

  test('an explicit context, wherever it is used', async () => {
    const parent = tracer.startSpan('parent')
    const inParent = trace.setSpan(ROOT_CONTEXT, parent)
    logger.span('elsewhere', () => {
      tracer.startSpan('child', {}, inParent).end()
      context.with(inParent, () => logger.span('child of ours', () => {}))
      context.with(ROOT_CONTEXT, () => tracer.startSpan('alone').end())
      tracer.startSpan('root', { root: true }).end()
    })
    const late = new Promise<void>(resolve =>
      setImmediate(
        context.bind(inParent, () => {
          tracer.startSpan('later').end()
          resolve()
        }),
      ),
    )
    await late
    parent.end()
    expect(names().split('\n').sort()).toEqual(
      ['  child', '  child of ours', '  later', 'alone', 'elsewhere', 'parent', 'root'].sort(),
    )
    expect(found('parent').children).toHaveLength(3)
  })

  test('after the trace was exported, what begins in it is a late addition below the right span', () => {
    const parent = tracer.startSpan('parent')
    parent.end()
    expect(found('parent').children).toEqual([])
    parent.setAttribute('too', 'late')
    context.with(trace.setSpan(context.active(), parent), () => tracer.startSpan('late').end())
    expect(names()).toBe('parent\n  late')
    expect(found('parent').attributes).not.toHaveProperty('too')
  })

  test('context.active() keeps what else a context holds, with the span that is current now', () => {
    const key = createContextKey('tenant')
    context.with(context.active().setValue(key, 'acme'), () => {
      logger.span('ours', span => {
        expect(context.active().getValue(key)).toBe('acme')
        expect(trace.getActiveSpan()?.spanContext()).toMatchObject({
          spanId: span.id,
          traceId: w3cTraceId(span.traceId),
          traceFlags: 1,
        })
        expect(trace.getActiveSpan()).toBe(trace.getActiveSpan())
      })
      expect(trace.getActiveSpan()).toBeUndefined()
    })
    expect(context.active()).toBe(ROOT_CONTEXT)
  })

  test('what this and arguments context.with was given', () => {
    const fn = function (this: { base: number }, a: number): number {
      return this.base + a
    }
    expect(context.with(context.active(), fn, { base: 40 }, 2)).toBe(42)
    expect(context.bind(context.active(), fn).length).toBe(1)
  })
})

describe('what a span holds', () => {
  test('kind, attributes, links, name, times', () => {
    const other = tracer.startSpan('other')
    const start = new Date(Date.now() + 250)
    const span = tracer.startSpan('first name', {
      kind: SpanKind.CLIENT,
      attributes: { a: 1, password: 'secret', none: undefined },
      links: [{ context: other.spanContext(), attributes: { why: 'batch' } }],
      startTime: start,
    })
    span.updateName('second name').setAttribute('b', ['x', 'y'])
    span.end([Math.floor(start.getTime() / 1000), (start.getTime() % 1000) * 1_000_000 + 750_500_000])
    other.end()
    const { kind, attributes, links, startTime, endTime, site } = found('second name')
    expect({ kind, site }).toEqual({ kind: 'client', site: undefined })
    expect(attributes).toEqual({
      'otel.scope.name': 'library',
      a: 1,
      password: '[redacted]',
      b: ['x', 'y'],
    })
    expect(links).toEqual([
      {
        traceId: recorder.trees.find(({ root }) => root.name === 'other')?.traceId,
        spanId: found('other').id,
        attributes: { why: 'batch' },
      },
    ])
    const epoch = BigInt(start.getTime()) * 1_000_000n
    expect(Math.abs(Number(startTime - epoch))).toBeLessThan(2_000)
    expect(Math.abs(Number(endTime! - startTime - 750_500_000n))).toBeLessThan(2_000)
  })

  test('events are messages of the tracer’s name', () => {
    const span = tracer.startSpan('work')
    span.addEvent('cache miss', { key: 'k' }).addEvent('retry', new Date(1_800_000_000_000))
    span.end()
    const [miss, retry] = found('work').messages
    expect(miss).toMatchObject({ text: 'cache miss', logger: 'library', level: 'info', attributes: { key: 'k' } })
    expect(Math.abs(Number(retry!.time - 1_800_000_000_000_000_000n))).toBeLessThan(2_000)
  })

  test('an exception with the status ERROR is the error that left the span, and functions around it refer to it', () => {
    const failure = new TypeError('no stock')
    const fail = (): void =>
      tracer.startActiveSpan('query', span => {
        span.recordException(failure)
        span.setStatus({ code: SpanStatusCode.ERROR, message: 'no stock' })
        span.end()
        throw failure
      })
    expect(() => logger.span('load', fail)).toThrow(failure)
    const query = found('query')
    expect(query).toMatchObject({ status: 'failed', level: 'error', messages: [] })
    expect(query.exitError).toMatchObject({ kind: 'error', type: 'TypeError', message: 'no stock' })
    expect(found('load').exitError).toMatchObject({ kind: 'reference', spanId: query.id })
  })

  test('an exception alone is a message with its record, and of no error a status says only that it failed', () => {
    const handled = tracer.startSpan('handled')
    handled.recordException({ name: 'Timeout', message: 'too slow' })
    handled.end()
    expect(found('handled')).toMatchObject({ status: 'succeeded' })
    expect(found('handled').messages[0]).toMatchObject({
      level: 'error',
      error: { type: 'Timeout', message: 'too slow' },
    })

    logger.span('around', () => {
      tracer.startSpan('failed').setStatus({ code: SpanStatusCode.ERROR, message: '503' }).end()
    })
    expect(found('failed')).toMatchObject({ status: 'failed', attributes: { 'otel.status_description': '503' } })
    expect(found('failed').exitError).toBeUndefined()
    expect(found('around').handledErrors).toEqual([])
  })

  test('OK is final', () => {
    const span = tracer.startSpan('well')
    span.recordException(new Error('first try'))
    span.setStatus({ code: SpanStatusCode.ERROR }).setStatus({ code: SpanStatusCode.OK })
    span.setStatus({ code: SpanStatusCode.ERROR }).end()
    expect(found('well')).toMatchObject({ status: 'succeeded', level: 'info' })
    expect(found('well').exitError).toBeUndefined()
  })

  test('a span that has ended takes nothing more, and does not end twice', () => {
    const span = tracer.startSpan('once')
    expect(span.isRecording()).toBe(true)
    span.end()
    const { endTime } = found('once')
    expect(span.isRecording()).toBe(false)
    span.setAttribute('x', 1).addEvent('y').setStatus({ code: SpanStatusCode.ERROR }).end()
    expect(found('once')).toMatchObject({ endTime, status: 'succeeded', messages: [] })
  })

  test('theirs cannot end a function of ours', () => {
    logger.span('ours', () => {
      trace.getActiveSpan()?.end()
      trace.getActiveSpan()?.updateName('theirs')
      expect(trace.getActiveSpan()?.isRecording()).toBe(true)
    })
    expect(found('ours').status).toBe('succeeded')
  })
})

describe('where nothing is traced', () => {
  test('suppressed contexts, and what the runtime does itself', () => {
    const attempt = (): Span => tracer.startSpan('hidden')
    const spans = [context.with(context.active().setValue(SUPPRESS, true), attempt), untraced(attempt)]
    for (const span of spans) {
      expect(span.isRecording()).toBe(false)
      span.end()
    }
    const carrier = {}
    logger.span('visible', () => untraced(() => propagation.inject(context.active(), carrier)))
    expect(carrier).toEqual({})
    expect(names()).toBe('visible')
  })

  test('an unsampled trace: what is below records nothing, and says so to others', () => {
    configure({ sampling: { head: 0 } })
    try {
      tracer.startActiveSpan('unsampled', span => {
        expect(span.isRecording()).toBe(false)
        tracer.startActiveSpan('below', below => {
          expect(below.isRecording()).toBe(false)
          expect(below.spanContext()).toMatchObject({ traceId: span.spanContext().traceId, traceFlags: 0 })
          const carrier: Record<string, string> = {}
          propagation.inject(context.active(), carrier)
          expect(carrier['traceparent']).toMatch(/-00$/)
          below.end()
        })
        span.end()
      })
    } finally {
      configure({ sampling: { head: 1 } })
    }
    expect(recorder.trees).toEqual([])
  })

  test('switched off', () => {
    collector.enabled = false
    try {
      expect(tracer.startActiveSpan('off', span => [span.isRecording(), span.end()])[0]).toBe(false)
    } finally {
      collector.enabled = true
    }
    expect(recorder.trees).toEqual([])
  })
})

describe('propagation', () => {
  test('is that of inject and extract', () => {
    const carrier: Record<string, string> = {}
    tracer.startActiveSpan('client', span => {
      propagation.inject(context.active(), carrier)
      expect(carrier).toEqual(inject({}))
      span.end()
    })
    const received = propagation.extract(ROOT_CONTEXT, carrier)
    expect(trace.getSpanContext(received)).toMatchObject({ spanId: found('client').id, isRemote: true })
    context.with(received, () => logger.span('server', () => tracer.startSpan('inner').end()))
    tracer.startSpan('also server', {}, received).end()
    const { traceId } = recorder.trees[0]!
    expect(recorder.trees.map(({ root, remote, traceId: id }) => [root.name, remote, id, root.parentId])).toEqual([
      ['client', undefined, traceId, undefined],
      ['server', true, traceId, found('client').id],
      ['also server', true, traceId, found('client').id],
    ])
    expect(found('server').children.map(({ name }) => name)).toEqual(['inner'])
  })

  test('a span of elsewhere that we continue is current for them, as remote', () => {
    const traceparent = `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01`
    continueTrace(extract({ traceparent, tracestate: 'vendor=1' }), () => {
      const received = trace.getActiveSpan()?.spanContext()
      expect(received).toMatchObject({ traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), isRemote: true })
      expect(received?.traceState?.get('vendor')).toBe('1')
      tracer.startSpan('below').end()
    })
    expect(found('below').parentId).toBe('cd'.repeat(8))
  })

  test('what is no traceparent is left alone, as is a carrier outside of any span', () => {
    expect(propagation.extract(ROOT_CONTEXT, { traceparent: 'nonsense' })).toBe(ROOT_CONTEXT)
    const carrier = {}
    propagation.inject(ROOT_CONTEXT, carrier)
    expect(carrier).toEqual({})
  })
})

test('listeners of a bound emitter run in its context, once where once was asked, and can be removed', () => {
  const span = tracer.startSpan('request')
  const emitter = context.bind(trace.setSpan(ROOT_CONTEXT, span), new EventEmitter())
  const seen: string[] = []
  const listen = (name: string) => (): void => {
    seen.push(`${name} ${trace.getActiveSpan() === span}`)
  }
  const removed = listen('removed')
  const removedOnce = listen('removed once')
  emitter.on('data', listen('on')).once('data', listen('once')).prependListener('data', listen('prepended'))
  emitter.prependOnceListener('data', listen('prepended once'))
  emitter.on('data', removed).once('data', removedOnce)
  expect(emitter.listeners('data')).toContain(removed)
  emitter.off('data', removed).off('data', removedOnce)
  emitter.emit('data')
  emitter.emit('data')
  span.end()
  expect(seen).toEqual(['prepended once true', 'prepended true', 'on true', 'once true', 'prepended true', 'on true'])
  expect(emitter.listenerCount('data')).toBe(2)
})

test('two spans for one request are warned of, once', async () => {
  const warnings: (Error & { code?: string })[] = []
  const listen = (warning: Error): number => warnings.push(warning)
  process.on('warning', listen)
  try {
    const twin = trace.getTracer('@opentelemetry/instrumentation-http')
    configure({ http: { server: false } })
    twin.startSpan('GET', { kind: SpanKind.SERVER }).end()
    await new Promise(resolve => setImmediate(resolve))
    expect(warnings).toEqual([])
    for (const kind of [SpanKind.CLIENT, SpanKind.CLIENT]) twin.startSpan('GET', { kind }).end()
    await new Promise(resolve => setImmediate(resolve))
    expect(warnings.map(({ code }) => code)).toEqual(['SPAN_TREE_TWINS'])
  } finally {
    process.off('warning', listen)
    configure({ http: {} })
  }
})
