/** The program as the transformer instruments it, its traces handed to an exporter that does nothing with them. */
import { configure, flush, type SpanTree, spansOf } from 'span-tree'
import { load } from '../instrumented.ts'

let exported = 0
configure({ exporters: [{ export: () => exported++ }] })

export const { leaves, outer, steps } = await load()

/** That the spans which were measured are there. */
export async function check(): Promise<void> {
  const roots: SpanTree['root'][] = []
  configure({ exporters: [{ export: tree => roots.push(tree.root) }] })
  leaves()
  outer(1)
  await steps()
  await flush()
  const counts = roots.map(root => [...spansOf(root)].length)
  if (exported === 0 || counts.join() !== '101,3,21') throw new Error(`spans are missing: ${exported}, ${counts}`)
}
