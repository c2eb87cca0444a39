import { newTraceId, type SpanContext, traceHeaders } from '../../model/index.ts'
import { type ActiveSpan, detailsOf, FAILED, isRunning } from '../active-span.ts'
import { bounded } from '../capture.ts'
import { now } from '../clock.ts'
import { recordFailure } from '../failure.ts'
import { OFF_SPAN } from '../off.ts'
import { redactedUrl, withoutSecrets } from '../secrets.ts'
import { collector, currentTask } from '../shared.ts'
import { contextOfSpan, spanContextOfTask } from '../span-context.ts'
import { idOfSerial, nextSerial } from '../span-id.ts'
import { beginBound, endBound, own } from '../span-lifecycle.ts'
import { SILENT } from '../task.ts'
import { HttpSites, hostAndPort, knownMethod } from './http-names.ts'
import { httpRules } from './http-settings.ts'

/** Characters. */
const MAX_URL = 2_000

const sites = new HttpSites('client')
/** By the request's own object. */
const calls = new WeakMap<object, ActiveSpan>()

/** A request that is about to be sent. */
export interface Outgoing {
  readonly method: string
  /** `https://api.example.com`. */
  readonly origin: string
  /** With its query. */
  readonly path: string
  /** It turns into another protocol (WebSocket, a tunnel), whose end nobody tells: no span, only headers. */
  readonly upgrades: boolean
  /** Adds a header; only called where that can be done. */
  readonly setHeader: ((name: string, value: string) => void) | undefined
}

/** Begins the span of a request and gives the request its headers. Outside any span nothing happens: no trace is made for a request alone. */
export function call(request: object, { method, origin, path, upgrades, setHeader }: Outgoing): void {
  const rules = httpRules()
  const task = currentTask()
  if (!collector.enabled || !rules.client || task === undefined) return
  const silent = task.ownerSerial === SILENT
  if (!silent && rules.ignores(origin + pathOf(path))) return
  const outgoing = silent ? nobodys() : upgrades ? spanContextOfTask(task) : begin(request, method, origin, path)
  if (setHeader === undefined || !rules.propagatesTo(origin)) return
  for (const [name, value] of Object.entries(traceHeaders(outgoing ?? spanContextOfTask(task)))) setHeader(name, value)
}

function pathOf(path: string): string {
  const at = path.indexOf('?')
  return at < 0 ? path : path.slice(0, at)
}

/** For whoever answers what we ask for ourselves: not to be recorded. A receiver that is traced would trace its own traces for ever. */
function nobodys(): SpanContext {
  return { traceId: newTraceId(Date.now()), spanId: idOfSerial(nextSerial()), sampled: false }
}

const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)$/i

/** Undefined where the trace is not sampled. */
function begin(request: object, method: string, origin: string, path: string): SpanContext | undefined {
  const task = currentTask()
  const authority = origin.slice(origin.indexOf('//') + 2)
  const at = authority.lastIndexOf('@')
  const address = at < 0 ? authority : authority.slice(at + 1)
  const span = beginBound(sites.of(method, address), task)
  if (span === OFF_SPAN) return undefined
  own(span, undefined)
  if (!span.trace.sampled) return undefined
  calls.set(request, span)
  const [host, port] = hostAndPort(address)
  detailsOf(span).attributes = {
    'http.request.method': knownMethod(method),
    'url.full': bounded(withoutSecrets(redactedUrl(origin + path)), MAX_URL),
    'server.address': host,
    'server.port': port ?? (origin.startsWith('https:') ? 443 : 80),
  }
  // Who answers may be this very process: then it is one tree.
  if (LOOPBACK.test(host)) collector.expect(span.trace.identity)
  span.start = now()
  return contextOfSpan(span)
}

/** The headers of the response are there, so the call is over: whoever reads the body does it in spans of their own, or never. */
export function answered(request: object, status: number): void {
  const span = take(request)
  if (span === undefined) return
  const attributes = (detailsOf(span).attributes ??= {})
  attributes['http.response.status_code'] = status
  if (status >= 400) {
    attributes['error.type'] = String(status)
    span.status = FAILED
  }
  endBound(span)
}

export function failed(request: object, error: unknown): void {
  const span = take(request)
  if (span === undefined) return
  recordFailure(span, error, undefined)
  endBound(span)
}

function take(request: object): ActiveSpan | undefined {
  const span = calls.get(request)
  if (span === undefined) return undefined
  calls.delete(request)
  return isRunning(span) ? span : undefined
}
