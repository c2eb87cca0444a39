/**
 * `node --import span-tree/link`: links threads, processes and pools before the program loads anything, for programs that take `Worker` or
 * `spawn` out of their modules before they load the first instrumented file.
 */
import '../start.ts'
import './queue-hooks.ts'

export { type LinkState, links } from './registry.ts'
