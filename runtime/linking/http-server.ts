import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { type AttributeValue, spanContextOf } from '../../model/index.ts'
import { type ActiveSpan, detailsOf, FAILED, isRunning, rejects } from '../active-span.ts'
import { bounded } from '../capture.ts'
import { epochMilliseconds, now } from '../clock.ts'
import { recordFailure } from '../failure.ts'
import { OFF_SPAN, UNSAMPLED_SPAN } from '../off.ts'
import { collector, context, currentTask, storage } from '../shared.ts'
import type { RuntimeSite } from '../site.ts'
import { remoteTask } from '../span-context.ts'
import { beginLate, beginRoot, endBound, own } from '../span-lifecycle.ts'
import { SILENT, Task } from '../task.ts'
import { HttpSites, hostAndPort, knownMethod, type Target, targetOf } from './http-names.ts'
import { httpRules } from './http-settings.ts'

/** Characters. */
const MAX_AGENT = 300

const sites = new HttpSites('server')

/** What is asked of a request, whichever HTTP it came by. */
export interface Incoming {
  readonly headers: IncomingHttpHeaders
  readonly method?: string | undefined
  readonly url?: string | undefined
  readonly httpVersion: string
  /** Of TLS: `encrypted`. */
  readonly socket: object | null
}

/** What is asked of a response when its connection is free, or gone. */
export interface Sent {
  readonly headersSent: boolean
  readonly statusCode: number
  /** False: the client went away before the end. */
  readonly writableFinished: boolean
}

/** A constructor that gives back the object it is given: the private fields of a class that extends it are then that object's. */
class Given {
  constructor(object: object) {
    // biome-ignore lint/correctness/noConstructorReturn: that is all that it is for
    return object
  }
}

/** The task of a request, on the request itself and visible to nobody: a WeakMap costs several times as much. */
class Mark extends Given {
  readonly #task: Task

  constructor(request: object, task: Task) {
    super(request)
    this.#task = task
  }

  static of(request: object | undefined): Task | undefined {
    return request !== undefined && #task in request ? request.#task : undefined
  }
}

/** The task that a request runs in. */
export function taskOfRequest(request: object | undefined): Task | undefined {
  return Mark.of(request)
}

/**
 * A request has come in, and its handler is about to be called, on this stack: what is begun from here on is below the request's span. Nothing is
 * below the span that called `listen`, in whose context Node hands over requests.
 */
export function serve(request: IncomingMessage): void {
  const outer = currentTask()
  if (!collector.enabled) {
    // Of the request before, on the same connection.
    if (outer !== undefined) storage.enterWith(undefined)
    return
  }
  const path = pathOf(request.url ?? '')
  const task = httpRules().ignores(path) ? ignoredTask() : taskFor(request, outer)
  new Mark(request, task)
  if (isRunning(task.owner)) context.enter(task)
  else storage.enterWith(task)
}

function pathOf(url: string): string {
  const at = url.indexOf('?')
  return at < 0 ? url : url.slice(0, at)
}

function ignoredTask(): Task {
  const task = new Task(UNSAMPLED_SPAN, undefined)
  task.ownerSerial = SILENT
  return task
}

/** The task of a new span; where the trace is not sampled, one in which nothing is recorded. */
function taskFor(request: Incoming, outer: Task | undefined): Task {
  const { headers, method = '', url = '' } = request
  const { site, target } = asked(method, url)
  const { traceparent, tracestate } = headers
  const remote =
    typeof traceparent === 'string' ? spanContextOf(traceparent, text(tracestate), epochMilliseconds(now())) : undefined
  const above = remote && remoteTask(remote)
  const span = above === undefined ? beginRoot(site) : beginLate(site, above)
  if (span === OFF_SPAN) return above as Task
  const task = own(span, outer)
  if (span.trace.sampled) describe(span, request, target)
  span.start = now()
  return task
}

/** Services with one address for everything, and probes of their health, are asked for the same again and again. */
let last:
  | { readonly method: string; readonly url: string; readonly target: Target; readonly site: RuntimeSite }
  | undefined

function asked(method: string, url: string): NonNullable<typeof last> {
  if (last?.url === url && last.method === method) return last
  const target = targetOf(url)
  return (last = { method, url, target, site: sites.once(method, target.path) })
}

function text(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(',') : value
}

function describe(span: ActiveSpan, request: Incoming, { path, query }: Target): void {
  const { headers, method = '', httpVersion } = request
  const secure = (request.socket as { encrypted?: boolean } | null)?.encrypted === true
  const attributes: Record<string, AttributeValue> = {
    'http.request.method': knownMethod(method),
    'url.path': path,
    'url.scheme': secure ? 'https' : 'http',
    'network.protocol.version': httpVersion,
  }
  if (query !== undefined) attributes['url.query'] = query
  if (headers.host !== undefined) addHost(attributes, headers.host)
  const agent = headers['user-agent']
  if (agent !== undefined) attributes['user_agent.original'] = bounded(agent, MAX_AGENT)
  detailsOf(span).attributes = attributes
}

/** Most requests are for the host that the one before was for. */
let lastHost: { readonly given: string; readonly host: string; readonly port: number | undefined } | undefined

function addHost(attributes: Record<string, AttributeValue>, given: string): void {
  if (lastHost?.given !== given) {
    const [host, port] = hostAndPort(given)
    lastHost = { given, host: bounded(host, MAX_AGENT), port }
  }
  attributes['server.address'] = lastHost.host
  if (lastHost.port !== undefined) attributes['server.port'] = lastHost.port
}

/** A framework has found the route: `/orders/:id`. */
export function routed(task: Task, route: string): void {
  const span = task.owner
  if (isRunning(span) && span.trace.sampled) (detailsOf(span).attributes ??= {})['http.route'] = bounded(route)
}

/** The response was sent, or will never be: its connection is gone. */
export function served(task: Task, request: Incoming, response: Sent): void {
  const span = task.owner
  if (!isRunning(span)) return
  if (span.trace.sampled) describeEnd(span, request, response)
  endBound(span)
}

function describeEnd(span: ActiveSpan, request: Incoming, response: Sent): void {
  const details = detailsOf(span)
  const attributes = (details.attributes ??= {})
  const route = attributes['http.route'] ?? expressRoute(request)
  if (typeof route === 'string' && route !== '') {
    attributes['http.route'] = route
    span.site = sites.of(request.method ?? '', route)
  }
  if (response.headersSent) attributes['http.response.status_code'] = response.statusCode
  if (!response.writableFinished) {
    attributes['span_tree.http.aborted'] = true
    details.level ??= 'warning'
  } else if (response.statusCode >= 500) failedWith(span, response.statusCode)
}

/** Express leaves what it has matched on the request; parts that are no text (expressions) have no name. */
function expressRoute(request: Incoming): string | undefined {
  const { route, baseUrl } = request as { route?: { path?: unknown }; baseUrl?: unknown }
  if (typeof route?.path !== 'string') return undefined
  const path = typeof baseUrl === 'string' ? baseUrl + route.path : route.path
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path
}

/** What the framework answered with this status for: the error that left its handler, the newest of those that failed here. */
function failedWith(span: ActiveSpan, status: number): void {
  const attributes = (detailsOf(span).attributes ??= {})
  attributes['error.type'] = String(status)
  const failed = failedBelow(span)
  if (failed !== undefined) recordFailure(span, failed.details?.error, undefined)
  span.status = FAILED
  detailsOf(span).level = 'error'
}

/** The newest span whose error left all that is above it: a synchronous function hands on the promise of what it calls. */
function failedBelow(request: ActiveSpan): ActiveSpan | undefined {
  const waiting: ActiveSpan[] = []
  for (let at = request.lastChild; at !== null; ) {
    const failed = at.status === FAILED && at.details?.hasError === true
    if (failed && (at.parent === request || rejects(at))) return at
    const below = failed || at.bounds ? null : at.lastChild
    if (below !== null && at.previous !== null) waiting.push(at.previous)
    at = below ?? at.previous ?? waiting.pop() ?? null
  }
  return undefined
}

/** The task of a request that is emitted: what begins in it is below the request's span. `stand`: what carries the task. */
export function taskOfIncoming(stand: object, request: Incoming): Task | undefined {
  if (!collector.enabled || !httpRules().server) return undefined
  const task = httpRules().ignores(pathOf(request.url ?? '')) ? ignoredTask() : taskFor(request, undefined)
  markWith(stand, task)
  return task
}

export function markWith(request: object, task: Task): void {
  if (Mark.of(request) === undefined) new Mark(request, task)
}

/** An upgrade (WebSocket), or a tunnel: the request has its span until its listeners have been called; what comes then is another protocol. */
export function upgraded<T>(request: IncomingMessage, emit: () => T): T {
  if (!collector.enabled || !httpRules().server || Mark.of(request) !== undefined) return emit()
  const task = httpRules().ignores(pathOf(request.url ?? '')) ? ignoredTask() : taskFor(request, undefined)
  new Mark(request, task)
  try {
    return storage.run(task, emit)
  } finally {
    const span = task.owner
    if (isRunning(span)) {
      if (span.trace.sampled)
        (detailsOf(span).attributes ??= {})['network.protocol.name'] = request.headers.upgrade ?? 'tunnel'
      endBound(span)
    }
  }
}
