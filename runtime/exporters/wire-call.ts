import type { ActiveSpan } from '../active-span.ts'
import { sinceOrigin, writeTime } from '../clock-digits.ts'
import type { RuntimeSite } from '../site.ts'
import { serialOf, writeSpanId } from '../span-id.ts'
import type { Bytes } from './bytes.ts'
import { callFields, EMPTY, ID, TIME } from './call-text.ts'
import { SiteForms } from './site-forms.ts'
import { siteJson } from './span-json.ts'

/** Digits of `rev`: those of 2⁶² and more. */
const REV_DIGITS = 19
const TRACE_ID = 27

/** What all spans of a trace that was recorded begin with. */
export function wireHead(traceId: string, rev: string): Uint8Array {
  return Buffer.from(`{"traceId":"${traceId}","rev":"${rev}","id":"`, 'latin1')
}

const HEAD = '{"traceId":"","rev":"","id":"'.length + TRACE_ID + REV_DIGITS
const ID_AT = HEAD
const PARENT_AT = ID_AT + ID.length + '","parentId":"'.length

/** A plain call of a site as a receiver takes it: its bytes, in which only the head, ids and times are written anew. */
class WireForm {
  readonly #bytes: Uint8Array
  readonly #startAt: number
  readonly #endAt: number
  readonly #isRoot: boolean
  #head: Uint8Array | undefined
  #parent = 0

  constructor(site: RuntimeSite, isRoot: boolean) {
    const ids = isRoot ? `${ID}",` : `${ID}","parentId":"${ID}",`
    const before = Buffer.from(`${' '.repeat(HEAD)}${ids}${callFields(site)},"startTime":"`)
    const between = `${TIME}","endTime":"`
    const behind = Buffer.from(`${between}${TIME}"${siteJson(site)},${EMPTY}}`)
    this.#bytes = Buffer.concat([before, behind])
    this.#startAt = before.length
    this.#endAt = before.length + between.length
    this.#isRoot = isRoot
  }

  write(out: Bytes, span: ActiveSpan, head: Uint8Array): void {
    const bytes = this.#bytes
    if (this.#head !== head) {
      this.#head = head
      bytes.set(head)
    }
    writeSpanId(bytes, ID_AT, serialOf(span))
    if (!this.#isRoot) this.#writeParent(serialOf(span.parent as ActiveSpan))
    writeTime(bytes, this.#startAt, sinceOrigin(span.start))
    writeTime(bytes, this.#endAt, sinceOrigin(span.end))
    out.raw(bytes)
  }

  #writeParent(serial: number): void {
    if (serial === this.#parent) return
    this.#parent = serial
    writeSpanId(this.#bytes, PARENT_AT, serial)
  }
}

const forms: SiteForms<WireForm> = new SiteForms((site, isRoot) => new WireForm(site, isRoot))

/** Writes a plain call (`Recording.plainAt`). `head`: of its trace. */
export function writeWireCall(out: Bytes, span: ActiveSpan, isRoot: boolean, head: Uint8Array): void {
  forms.of(span.site, isRoot).write(out, span, head)
}
