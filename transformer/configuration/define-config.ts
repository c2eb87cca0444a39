import type { SelectOptions } from '../options.ts'

/** Returns its argument: for editors to know the keys, in `span-tree.config.ts`. */
export function defineConfig(options: SelectOptions): SelectOptions {
  return options
}
