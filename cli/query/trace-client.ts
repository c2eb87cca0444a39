import type { TraceStore } from '../../store/trace-store.ts'

/** What the commands ask, of a file or of a receiver alike. All methods reject with a `StoreError`. */
export type TraceClient = Pick<
  TraceStore,
  | 'trace'
  | 'traces'
  | 'dashboard'
  | 'namespaces'
  | 'health'
  | 'references'
  | 'errorGroups'
  | 'errorGroup'
  | 'annotate'
  | 'undo'
  | 'merge'
  | 'unmerge'
  | 'functions'
  | 'slowSpans'
  | 'regressions'
  | 'write'
  | 'user'
  | 'visit'
  | 'close'
>
