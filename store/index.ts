/**
 * Where traces are kept, and what can be asked about them: `trace-store.ts` is the interface, `sqlite/` its embedded engine (the only place
 * that knows SQL). What is decided beside the storing is in files of its own, as functions of data: into which group an error belongs
 * (`grouping.ts`), what becomes of the group (`triage.ts`), what a trace's status is (`trace-status.ts`), how long calls take
 * (`sketch.ts`, `baseline.ts`), what made them slower (`self-time.ts`), what text of a trace is searched (`search-text.ts`).
 */
export { recordsOf, revisionOf, type SpanBatch, type SpanRecord } from './span-record.ts'
export { SqliteStore, type SqliteStoreOptions } from './sqlite/sqlite-store.ts'
export { StoreError, type StoreErrorCode } from './store-error.ts'
export type { TraceStatus } from './trace-status.ts'
export type * from './trace-store.ts'
export type { GroupState, Handling, Marks, Severity } from './triage.ts'
