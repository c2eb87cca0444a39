/**
 * OpenTelemetry's API on our runtime. What is imported here registers itself as its tracer provider, context manager and propagator, so
 * that libraries which OpenTelemetry instruments, or which trace themselves by its API, put their spans into our trees, below the
 * function that called them; and in our spans, theirs are current. docs/opentelemetry.md
 */
import {
  type ContextManager,
  context,
  propagation,
  type TextMapPropagator,
  type TracerProvider,
  trace,
} from '@opentelemetry/api'
import '../runtime/start.ts'
import { BridgeContextManager } from './context-manager.ts'
import { BridgePropagator } from './propagator.ts'
import { BridgeTracerProvider } from './tracer.ts'

export const tracerProvider: TracerProvider = new BridgeTracerProvider()
export const contextManager: ContextManager = new BridgeContextManager()
export const propagator: TextMapPropagator = new BridgePropagator()

const registered = [
  trace.setGlobalTracerProvider(tracerProvider),
  context.setGlobalContextManager(contextManager),
  propagation.setGlobalPropagator(propagator),
]

if (registered.includes(false)) {
  process.emitWarning(
    "another part of the program has registered itself with OpenTelemetry's API before; load span-tree/otel first, and no other SDK",
    { type: 'span-tree', code: 'SPAN_TREE_OTEL' },
  )
}
