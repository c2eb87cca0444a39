/**
 * `node --import span-tree/link`: links threads, processes and pools before the program loads anything, for programs that take `Worker` or
 * `spawn` out of their modules before they load the first instrumented file. In a bundle that contains span-tree, `import 'span-tree/link'`
 * brings along what links requests.
 */
import '../start.ts'
import { linkHttpBy } from './http.ts'
import { channels } from './http-channels.ts'
import './queue-hooks.ts'

linkHttpBy(channels)

export { type LinkState, links } from './registry.ts'
