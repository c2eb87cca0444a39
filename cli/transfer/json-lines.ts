import { jsonChunks } from '../../runtime/exporters/json.ts'
import type { TraceWriter } from './format.ts'

/** A line a tree, as `SPAN_TREE=json` prints it. */
export function jsonLines(): TraceWriter {
  return {
    *trace({ trees, summary: { tags } }) {
      const more = Object.keys(tags).length > 0 ? { tags } : {}
      for (const tree of trees) {
        yield* jsonChunks(tree, more)
        yield '\n'
      }
    },
  }
}
