/**
 * From source to spans. `parse` reads a file, `functions` finds and names what is in it, `select` decides which of it
 * gets a span, `planner` writes that down as a plan of offsets, and a renderer carries the plan out: `render-text` as
 * insertions into the text, `render-ast` on TypeScript's syntax tree. The injected code calls `span-tree/abi`;
 * nothing here runs in the program that is traced.
 */
export { default } from './adapters/ts-patch.ts'
export { type Configured, configure } from './configuration/configure.ts'
export { defineConfig } from './configuration/define-config.ts'
export { DIAGNOSTICS, formatDiagnostic } from './diagnostics.ts'
export { type Instrumented, instrument } from './instrument.ts'
export { matchesFile } from './match.ts'
export { type InstrumentOptions, type Rule, type SelectOptions, validateOptions } from './options.ts'
export type * from './plan.ts'
export { planFile } from './planner.ts'
