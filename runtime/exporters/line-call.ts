import type { ActiveSpan } from '../active-span.ts'
import { sinceOrigin, writeTime } from '../clock-digits.ts'
import type { RuntimeSite } from '../site.ts'
import { serialOf, writeSpanId } from '../span-id.ts'
import type { Bytes } from './bytes.ts'
import { callFields, EMPTY, ID, TIME } from './call-text.ts'
import { DATE, writeDate, writeMilliseconds } from './people-times.ts'
import { SiteForms } from './site-forms.ts'
import { siteJson } from './span-json.ts'

const ID_AT = '{"id":"'.length
const PARENT_AT = ID_AT + ID.length + '","parentId":"'.length
const START_AT = ',"startTime":"'.length
const END_AT = START_AT + TIME.length + '","endTime":"'.length

/** A plain call of a site in a line of JSON, up to its children: the bytes before and behind its duration, the one part whose length is not known. */
class LineForm {
  readonly #before: Uint8Array
  readonly #behind: Uint8Array
  readonly #dateAt: number
  readonly #isRoot: boolean
  #parent = 0

  constructor(site: RuntimeSite, isRoot: boolean) {
    const ids = isRoot ? `${ID}",` : `${ID}","parentId":"${ID}",`
    const before = Buffer.from(`{"id":"${ids}${callFields(site)},"start":"`)
    this.#before = Buffer.concat([before, Buffer.from(`${DATE}","durationMs":`)])
    this.#dateAt = before.length
    this.#behind = Buffer.from(`,"startTime":"${TIME}","endTime":"${TIME}"${siteJson(site)},${EMPTY},"children":[`)
    this.#isRoot = isRoot
  }

  write(out: Bytes, span: ActiveSpan): void {
    const before = this.#before
    const start = sinceOrigin(span.start)
    const end = sinceOrigin(span.end)
    writeSpanId(before, ID_AT, serialOf(span))
    if (!this.#isRoot) this.#writeParent(serialOf(span.parent as ActiveSpan))
    writeDate(before, this.#dateAt, start)
    out.raw(before)
    writeMilliseconds(out, end - start)
    writeTime(this.#behind, START_AT, start)
    writeTime(this.#behind, END_AT, end)
    out.raw(this.#behind)
  }

  #writeParent(serial: number): void {
    if (serial === this.#parent) return
    this.#parent = serial
    writeSpanId(this.#before, PARENT_AT, serial)
  }
}

const forms: SiteForms<LineForm> = new SiteForms((site, isRoot) => new LineForm(site, isRoot))

/** Writes a plain call (`Recording.plainAt`), up to its children. */
export function writeLineCall(out: Bytes, span: ActiveSpan, isRoot: boolean): void {
  forms.of(span.site, isRoot).write(out, span)
}
