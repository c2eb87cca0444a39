import { type Span, type SpanTree, w3cTraceId } from '../../model/index.ts'
import { PROTOBUF, partEncoder, type RecordsAs, SpanForm, type WireLog, wireSpanAlone } from '../../otlp/index.ts'
import type { ActiveSpan } from '../active-span.ts'
import { writeEpochNanoseconds } from '../clock.ts'
import type { Recording } from '../recording.ts'
import type { RuntimeSite } from '../site.ts'
import { serialOf, writeSpanIdBytes } from '../span-id.ts'
import type { Bytes } from './bytes.ts'
import { SiteForms } from './site-forms.ts'

/** A trace's two ids, as bytes. */
interface TraceIds {
  readonly w3c: Uint8Array
  readonly ksuid: Uint8Array
}

/** A plain call of a site in a request of Protocol Buffers: only ids and times are written anew. */
class OtlpForm {
  readonly #form: SpanForm
  #trace: TraceIds | undefined
  #parent = 0

  constructor(site: RuntimeSite, isRoot: boolean) {
    this.#form = new SpanForm(plainSpan(site, isRoot), isRoot)
  }

  write(out: Bytes, span: ActiveSpan, trace: TraceIds): void {
    const { bytes, idAt, startAt, endAt } = this.#form
    if (this.#trace !== trace) this.#writeTrace(trace)
    if (span.parent !== null) this.#writeParent(serialOf(span.parent))
    writeSpanIdBytes(bytes, idAt, serialOf(span))
    writeEpochNanoseconds(bytes, startAt, span.start)
    writeEpochNanoseconds(bytes, endAt, span.end)
    out.raw(bytes)
  }

  #writeTrace(trace: TraceIds): void {
    const { bytes, traceAt, ksuidAt } = this.#form
    this.#trace = trace
    bytes.set(trace.w3c, traceAt)
    if (ksuidAt >= 0) bytes.set(trace.ksuid, ksuidAt)
  }

  #writeParent(serial: number): void {
    if (serial === this.#parent) return
    this.#parent = serial
    writeSpanIdBytes(this.#form.bytes, this.#form.parentAt, serial)
  }
}

const forms: SiteForms<OtlpForm> = new SiteForms((site, isRoot) => new OtlpForm(site, isRoot))

/** Any plain call of the site. */
function plainSpan(site: RuntimeSite, isRoot: boolean): Span {
  const { name, options } = site
  return {
    id: '',
    ...(!isRoot && { parentId: '' }),
    name,
    kind: options.kind ?? 'internal',
    site,
    startTime: 0n,
    status: 'succeeded',
    level: options.level ?? 'info',
    attributes: {},
    messages: [],
    handledErrors: [],
    children: [],
  }
}

const spans = partEncoder(PROTOBUF, 'traces', { resource: {}, scope: { name: '' } })

/** Writes the spans of a trace as they stand in a request, and returns what is said in them. */
export function writeOtlpSpans(out: Bytes, about: SpanTree, recording: Recording, recordsAs: RecordsAs): WireLog[] {
  const { traceId } = about
  const ids = { w3c: Buffer.from(w3cTraceId(traceId), 'hex'), ksuid: Buffer.from(traceId, 'latin1') }
  const said: WireLog[] = []
  const { length } = recording.spans
  for (let i = 0; i < length; i++) {
    const plain = recording.plainAt(i)
    if (plain !== undefined) {
      forms.of(plain.site, i === 0).write(out, plain, ids)
      continue
    }
    const model = recording.spanAt(i)
    const wire = wireSpanAlone(about, model, i === 0, recordsAs, model.endTime as bigint)
    out.raw(spans.part(wire.spans))
    said.push(...wire.logs)
  }
  return said
}
