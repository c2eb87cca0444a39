import { SpanKind } from '@opentelemetry/api'
import { httpRules } from '../runtime/linking/http-settings.ts'

/** Instrumentations of what span-tree makes spans of by itself. */
const TWINS = /^@opentelemetry\/instrumentation-(http|undici)$/

let warned = false

/** Says, once, that a request makes two spans: theirs and ours. */
export function warnOfTwins(scope: string, kind: SpanKind | undefined): void {
  if (warned || !TWINS.test(scope)) return
  const { server, client } = httpRules()
  if (!(kind === SpanKind.SERVER && server) && !(kind === SpanKind.CLIENT && client)) return
  warned = true
  process.emitWarning(
    `requests make two spans each, one of ${scope} and one of span-tree: leave that instrumentation out, or ` +
      'configure({ http: { server: false, client: false } })',
    { type: 'span-tree', code: 'SPAN_TREE_TWINS' },
  )
}
