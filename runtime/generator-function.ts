import { ActiveSpan, detailsOf } from './active-span.ts'
import { now } from './clock.ts'
import { recordFailure } from './failure.ts'
import { OFF_SPAN, OFF_TASK } from './off.ts'
import { collector, context, currentTask } from './shared.ts'
import type { RuntimeSite } from './site.ts'
import { beginLate, beginRoot, close, endBound, own, skip, takeQueued } from './span-lifecycle.ts'
import type { Task } from './task.ts'

/**
 * The span of a generator between its first `next` and its end. It is current only while the body runs: each resume
 * pushes it on the task of whoever asks for the next value, each `yield` takes it off again.
 */
export class GeneratorFrame {
  readonly span: ActiveSpan
  /** What was current inside when the generator last yielded: its span, or a scoped one below. */
  top: ActiveSpan
  task: Task = OFF_TASK
  /** What to make current again in `task`. */
  below: ActiveSpan = OFF_SPAN
  running = false

  constructor(span: ActiveSpan) {
    this.span = span
    this.top = span
  }
}

const OFF_FRAME = new GeneratorFrame(OFF_SPAN)
OFF_FRAME.running = true

/** Begins the span of a generator, at the first `next`, and makes it current. Never throws. */
export function enterGenerator(site: RuntimeSite): GeneratorFrame {
  if (!collector.enabled || site.countedOnly) {
    skip(site)
    return OFF_FRAME
  }
  const span = beginGenerator(site, currentTask())
  if (span === OFF_SPAN) return OFF_FRAME
  const frame = new GeneratorFrame(span)
  push(frame)
  span.start = now()
  return frame
}

function beginGenerator(site: RuntimeSite, task: Task | undefined): ActiveSpan {
  if (task === undefined) return beginRoot(site)
  const parent = task.current
  if (parent.trace.complete) return beginLate(site, task)
  const span = new ActiveSpan(site, parent, parent.trace, OFF_TASK)
  if (task.queued !== undefined) takeQueued(span, task)
  return span
}

/** Before a `yield`: whoever asked for the value goes on in its own span. Returns `value`. */
export function pause<T>(frame: GeneratorFrame, value?: T): T {
  if (frame !== OFF_FRAME && frame.running) {
    pop(frame)
    detailsOf(frame.span).paused = true
    if (frame.span.bounds) collector.paused(frame.span)
  }
  return value as T
}

/** After a `yield`, however the generator was resumed: its span is current again. Returns `value`. */
export function proceed<T>(frame: GeneratorFrame, value?: T): T {
  if (!frame.running) {
    if (frame.span.trace.complete) collector.continueSpan(frame.span)
    push(frame)
    unpause(frame)
  }
  return value as T
}

/** Records that `error` is about to leave the generator; returns it. Never throws. */
export function failGenerator<E>(frame: GeneratorFrame, error: E, parameters?: readonly unknown[]): E {
  if (frame !== OFF_FRAME) recordFailure(frame.span, error, parameters)
  return error
}

/** Ends the span of a generator. Never throws. */
export function exitGenerator(frame: GeneratorFrame): void {
  if (frame === OFF_FRAME) return
  if (frame.running) pop(frame)
  else if (frame.span.trace.complete) collector.continueSpan(frame.span)
  else unpause(frame)
  const { span } = frame
  if (span.bounds) {
    endBound(span)
  } else {
    span.end = now()
    close(span)
  }
}

function unpause(frame: GeneratorFrame): void {
  detailsOf(frame.span).paused = false
  if (frame.span.bounds) collector.unpaused(frame.span)
}

function push(frame: GeneratorFrame): void {
  frame.running = true
  const task = currentTask()
  if (task === undefined) {
    // Nobody's span: what the generator calls still needs a task to find it by.
    frame.task = own(frame.span, undefined)
    frame.task.current = frame.top
    context.enter(frame.task)
  } else {
    frame.task = task
    frame.below = task.current
    task.current = frame.top
  }
  frame.span.task = frame.task
}

function pop(frame: GeneratorFrame): void {
  frame.running = false
  const { task } = frame
  frame.top = task.current
  if (task.owner === frame.span) context.leave(task)
  else task.current = frame.below
}
