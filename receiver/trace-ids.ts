import { w3cTraceId } from '../model/index.ts'
import type { TraceStore } from '../store/trace-store.ts'

/** Traces whose ids are remembered. */
const MAX_REMEMBERED = 100_000

/**
 * OpenTelemetry knows a trace by 16 bytes, to which a ksuid adds a time. Parts of one trace come in several requests, from programs with
 * and without a ksuid for it: the one that was kept first stays.
 */
export class TraceIds {
  readonly #store: Pick<TraceStore, 'trace'>
  readonly #known = new Map<string, string>()

  constructor(store: Pick<TraceStore, 'trace'>) {
    this.#store = store
  }

  /** Of a trace that OpenTelemetry sends. */
  async ofOtlp(namespace: string, w3c: string, fallback: string): Promise<string> {
    const key = `${namespace}\n${w3c}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const found = await this.#store.trace(namespace, w3c)
    // Another request may have been quicker.
    const traceId = this.#known.get(key) ?? (found.kind === 'found' ? found.summary.traceId : fallback)
    this.#remember(key, traceId)
    return traceId
  }

  /** Of a trace that has a ksuid. */
  of(namespace: string, ksuid: string): string {
    if (this.#known.size === 0) return ksuid
    try {
      return this.#known.get(`${namespace}\n${w3cTraceId(ksuid)}`) ?? ksuid
    } catch {
      // None at all, as the store will say.
      return ksuid
    }
  }

  #remember(key: string, traceId: string): void {
    if (this.#known.size >= MAX_REMEMBERED) this.#known.delete(this.#known.keys().next().value as string)
    this.#known.set(key, traceId)
  }
}
