import { encodeRequest, JSON_TYPE, resourceOf, wireTree } from '../../otlp/index.ts'
import type { TraceWriter } from './format.ts'
import { lastTime } from './lanes.ts'

/**
 * OTLP's file format (https://opentelemetry.io/docs/specs/otel/protocol/file-exporter/): a line a request. What was said in a span is its events, so
 * that one file has it all.
 */
export function otlpJson(): TraceWriter {
  return {
    *trace({ trees, summary: { tags } }) {
      const records = trees.flatMap(tree => {
        const last = lastTime(tree.root)
        return wireTree(tree, 'events', ({ endTime }) => endTime ?? last).spans
      })
      const group = { resource: resourceOf(tags), scope: { name: 'span-tree' }, records }
      yield new TextDecoder().decode(encodeRequest(JSON_TYPE, 'traces', [group]))
      yield '\n'
    },
  }
}
