/**
 * What a trace is: sites in the source, spans that began there, the tree they form, and its ids. Pure data and
 * pure functions; imports nothing of the project.
 */

export * from './level.ts'
export * from './load-hooks.ts'
export * from './queue-modules.ts'
export * from './site.ts'
export * from './span.ts'
export * from './span-context.ts'
export * from './trace-id.ts'
export * from './walk.ts'
export * from './written.ts'
