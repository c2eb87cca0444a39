/**
 * What injected code calls (docs/abi.md). Transformer and runtime are one program in two halves: this entry is their
 * contract, for the same version of both, and is not meant to be called by hand. Nothing here throws.
 */
import * as asyncFunction from './async-function.ts'
import * as delegation from './delegation.ts'
import * as disposal from './disposal.ts'
import * as generatorFunction from './generator-function.ts'
import { scoped } from './manual-span.ts'
import { result } from './result.ts'
import { sites } from './site.ts'
import './start.ts'
import * as syncFunction from './sync-function.ts'

export {
  enterAsync,
  enterAsyncGenerator,
  exitAsync,
  failAsync,
  pauseAsync,
  resume,
  settle,
  suspend,
} from './async-function.ts'
export { delegate, delegateAsync, iterate } from './delegation.ts'
export { disposer, resumer } from './disposal.ts'
export { enterGenerator, exitGenerator, failGenerator, pause, proceed } from './generator-function.ts'
export { scoped } from './manual-span.ts'
export { result } from './result.ts'
export { type SiteRow, sites } from './site.ts'
export { enter, exit, fail } from './sync-function.ts'

/** How scripts, which cannot import, find these functions. */
const KEY: unique symbol = Symbol.for('span-tree.abi') as never

;(globalThis as { [KEY]?: object })[KEY] ??= {
  ...syncFunction,
  ...asyncFunction,
  ...generatorFunction,
  ...delegation,
  ...disposal,
  result,
  scoped,
  sites,
}
