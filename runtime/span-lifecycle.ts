import { ActiveSpan, DROPPED, detailsOf, FAILED, type SpanDetails, STARTED, SUCCEEDED } from './active-span.ts'
import { ActiveTrace, TraceIdentity } from './active-trace.ts'
import { now } from './clock.ts'
import { crowd } from './crowd.ts'
import { OFF_SPAN, OFF_TASK } from './off.ts'
import { collector } from './shared.ts'
import type { RuntimeSite } from './site.ts'
import { recordOf, SiteRecord } from './site-record.ts'
import { serialOf } from './span-id.ts'
import { leaveOut } from './sweep.ts'
import { Task } from './task.ts'

/**
 * Begins a span that can outlive the call which begins it, below `parent` (what is current in `outer`), or as the root
 * of a trace. Its end must go through `endBound`. The caller gives it its task; `OFF_SPAN` where the trace is not sampled.
 */
export function beginBound(
  site: RuntimeSite,
  outer: Task | undefined,
  parent: ActiveSpan | undefined = outer?.current,
): ActiveSpan {
  if (outer === undefined || parent === undefined) return beginAsyncRoot(site)
  if (parent.trace.complete) return beginLate(site, outer)
  const span = new ActiveSpan(site, parent, parent.trace, OFF_TASK)
  parent.trace.open++
  span.bounds = true
  if (outer.queued !== undefined) takeQueued(span, outer)
  return span
}

function beginAsyncRoot(site: RuntimeSite): ActiveSpan {
  const span = beginRoot(site)
  span.trace.asyncRoot = true
  return span
}

/** A call that makes no span: tracing is off, or its site costs more than its share of the budget. */
export function skip(site: RuntimeSite): ActiveSpan {
  if (site.countedOnly) recordOf(site).skipped++
  return OFF_SPAN
}

/** The root of a new trace. One that the sampler does not want is complete from the start: nothing is added to it. */
export function beginRoot(site: RuntimeSite): ActiveSpan {
  if (collector.sampler !== undefined && !collector.wants(site.name)) return beginUnsampled(site)
  return begin(site, new ActiveTrace(new TraceIdentity(now()), false))
}

/** Nothing asks when it began: the clock costs more than all the rest. */
function beginUnsampled(site: RuntimeSite): ActiveSpan {
  const trace = new ActiveTrace(new TraceIdentity(), false)
  trace.sampled = false
  trace.complete = true
  return begin(site, trace)
}

/**
 * The root of a part of a trace that is not being made here: what is current in `task` belongs to a trace that is complete, or to
 * another thread, process or service. `OFF_SPAN` where that trace is not sampled.
 */
export function beginLate(site: RuntimeSite, task: Task): ActiveSpan {
  const { buried, current, remote } = task
  if (!current.trace.sampled) return OFF_SPAN
  const trace = new ActiveTrace(buried ?? current.trace.identity, remote === undefined)
  if (remote === undefined) trace.parentSerial = buried === undefined ? serialOf(current) : task.ownerSerial
  else trace.remoteParent = remote
  const span = begin(site, trace)
  if (task.queued !== undefined) takeQueued(span, task)
  return span
}

/** The first span of a task that waited in a queue says how long. */
export function takeQueued(span: ActiveSpan, task: Task): void {
  detailsOf(span).queued = task.queued
  task.queued = undefined
}

function begin(site: RuntimeSite, trace: ActiveTrace): ActiveSpan {
  const span = new ActiveSpan(site, null, trace, OFF_TASK)
  span.bounds = true
  trace.root = span
  trace.open = 1
  if (trace.sampled) collector.begin(trace)
  return span
}

/** Gives a span that can outlive its caller its own task. */
export function own(span: ActiveSpan, outer: Task | undefined): Task {
  const task = new Task(span, outer)
  span.task = task
  task.earlier = span.trace.lastTask
  span.trace.lastTask = task
  return task
}

/** Ends a span that `beginBound` or `beginRoot` began. `at`: milliseconds of `now`. */
export function endBound(span: ActiveSpan, at?: number): void {
  if (!span.trace.sampled) {
    span.end = span.start
    return
  }
  span.end = at ?? now()
  close(span)
  collector.ended(span.trace)
}

/** Settles the status of a span that has just ended, and leaves it out when it was too fast, or one of too many. */
export function close(span: ActiveSpan): void {
  if (span.status === STARTED) span.status = SUCCEEDED
  const { site, parent } = span
  const duration = span.end - span.start
  const record = recordOf(site)
  span.trace.spans++
  if (duration > record.slowAbove) markSlow(span, record)
  record.add(duration)
  if (duration < site.minDuration) dropFast(span)
  else if (parent !== null && parent.width > collector.maxSiblings) crowd(span, parent)
}

/** Spans that are gone through for another call of the same site. */
const MAX_SEARCH = 1_000

/**
 * A call in which its own function was called again took as long as all of those, so that it is compared with its like: the outer calls of a
 * recursion are no slower than usual because they are the outer ones.
 */
function markSlow(span: ActiveSpan, record: SiteRecord): void {
  if (recurs(span)) {
    const outer = (record.outer ??= new SiteRecord())
    const duration = span.end - span.start
    if (duration > outer.slowAbove) mark(span, outer)
    outer.add(duration)
  } else mark(span, record)
}

function mark(span: ActiveSpan, record: SiteRecord): void {
  detailsOf(span).slow = record.usual()
  span.trace.slow = true
}

/** Whether a call of the same site is below. What was folded left some of its like beside it; what was dropped is not known. */
function recurs({ site, lastChild }: ActiveSpan): boolean {
  const waiting: ActiveSpan[] = []
  let searched = 0
  for (let at = lastChild; at !== null && searched < MAX_SEARCH; at = at.previous ?? waiting.pop() ?? null) {
    if (at.site === site) return true
    searched++
    if (at.lastChild !== null) waiting.push(at.lastChild)
  }
  return false
}

/** A span that failed stays, however fast; so does one that says something, or under which something does. */
function dropFast(span: ActiveSpan): void {
  const { parent, details } = span
  if (span.status === FAILED || span.lastChild !== null || (details !== null && saysSomething(details))) return
  span.status = DROPPED
  span.trace.spans--
  span.trace.dropped++
  if (parent !== null) leaveOut(span, parent)
}

function saysSomething({ attributes, messages, hasError, exposed, links, references }: SpanDetails): boolean {
  return (
    attributes !== undefined ||
    messages !== undefined ||
    hasError ||
    exposed ||
    links !== undefined ||
    references !== undefined
  )
}
