/** OpenTelemetry JS with its BatchSpanProcessor, and an exporter that does nothing with the spans. */
import { context, type Span, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'

const RESOLVED = Promise.resolve(1)
const done = { code: 0 }

context.setGlobalContextManager(new AsyncLocalStorageContextManager())
const exporter = {
  export: (_: unknown, answer: (result: typeof done) => void) => answer(done),
  shutdown: async () => {},
  forceFlush: async () => {},
}
const processor = new BatchSpanProcessor({ exporter: exporter as never, maxQueueSize: 100_000 } as never)
trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [processor] } as never) as never)
const tracer = trace.getTracer('bench')

function traced<T>(name: string, fn: () => T): T {
  return tracer.startActiveSpan(name, (span: Span) => {
    try {
      return fn()
    } finally {
      span.end()
    }
  })
}

async function tracedAsync<T>(name: string, fn: () => Promise<T>): Promise<T> {
  return tracer.startActiveSpan(name, async (span: Span) => {
    try {
      return await fn()
    } finally {
      span.end()
    }
  })
}

const leaf = (n: number): number => traced('leaf', () => (n * 31) ^ (n >> 3))
const inner = (n: number): number => traced('inner', () => n * 7)
const middle = (n: number): number => traced('middle', () => inner(n + 1) + 1)
const step = (n: number): Promise<number> => tracedAsync('step', async () => n + (await RESOLVED))

export const leaves = (): number =>
  traced('leaves', () => {
    let sum = 0
    for (let i = 0; i < 100; i++) sum += leaf(i)
    return sum
  })

export const outer = (n: number): number => traced('outer', () => middle(n + 1) + 1)

export const steps = (): Promise<number> =>
  tracedAsync('steps', async () => {
    let sum = 0
    for (let i = 0; i < 20; i++) sum += await step(i)
    return sum
  })
