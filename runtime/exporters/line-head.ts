import { w3cTraceId } from '../../model/index.ts'
import type { ActiveSpan } from '../active-span.ts'
import { sinceOrigin } from '../clock-digits.ts'
import type { RuntimeSite } from '../site.ts'
import type { Bytes } from './bytes.ts'
import { DATE, writeDate, writeMilliseconds } from './people-times.ts'
import { SiteForms } from './site-forms.ts'
import { stringify } from './span-fields.ts'

const TRACE_ID = 27
const W3C_ID = 32
const TRACE_AT = '{"traceId":"'.length
const W3C_AT = TRACE_AT + TRACE_ID + '","w3cTraceId":"'.length

/** What lines of plain traces of a site begin with, up to how long they took. */
class HeadForm {
  readonly #bytes: Buffer
  readonly #dateAt: number

  constructor({ name, options }: RuntimeSite) {
    const fields = stringify({ name, status: 'succeeded', level: options.level ?? 'info' }).slice(1, -1)
    const before = Buffer.from(
      `{"traceId":"${' '.repeat(TRACE_ID)}","w3cTraceId":"${' '.repeat(W3C_ID)}",${fields},"start":"`,
    )
    this.#bytes = Buffer.concat([before, Buffer.from(`${DATE}","durationMs":`)])
    this.#dateAt = before.length
  }

  write(out: Bytes, traceId: string, root: ActiveSpan): void {
    const bytes = this.#bytes
    const start = sinceOrigin(root.start)
    bytes.write(traceId, TRACE_AT, 'latin1')
    bytes.write(w3cTraceId(traceId), W3C_AT, 'latin1')
    writeDate(bytes, this.#dateAt, start)
    out.raw(bytes)
    writeMilliseconds(out, sinceOrigin(root.end) - start)
  }
}

const forms: SiteForms<HeadForm> = new SiteForms(site => new HeadForm(site))

/** Writes the line of a trace whose root is a plain call (`Recording.plainAt`), up to that. `more`: further fields of the trace. */
export function writeHead(out: Bytes, traceId: string, root: ActiveSpan, more: object | undefined): void {
  forms.of(root.site, true).write(out, traceId, root)
  out.text(`${textOf(more)},"root":`)
}

let lastFields: object | undefined
let lastText = ''

/** `,…`: the fields without their braces. They are the process's, and the same for each trace. */
function textOf(fields: object | undefined): string {
  if (fields !== lastFields) {
    lastFields = fields
    const text = fields === undefined ? '' : stringify(fields).slice(1, -1)
    lastText = text && `,${text}`
  }
  return lastText
}
