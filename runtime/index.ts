/**
 * What runs in the traced program: spans on their tasks, the logger, and the way of finished traces to exporters. The
 * hot path is in `sync-function.ts`, `async-function.ts` and `generator-function.ts`; everything else happens later,
 * off that path.
 */

export type { CountedSite } from './budget.ts'
export { type Configuration, configure, countedOnly, counts, flush, shutdown } from './configure.ts'
export type { RuntimeCounts } from './counts.ts'
export type { Exporter, ExporterHealth } from './exporters/exporter.ts'
export { Recorder } from './exporters/recorder.ts'
export { type Health, health } from './health.ts'
export { type Carrier, continueTrace, extract, inject } from './linking/carrier.ts'
export type { HttpSettings } from './linking/http-settings.ts'
export { getLogger, Logger } from './logger.ts'
export type { ManualSpan, SpanOptions } from './manual-span.ts'
export type { Sampling } from './sampling.ts'
export type { Mode } from './settings.ts'
export { getRecorder } from './start.ts'
export type { Tags } from './tags.ts'
