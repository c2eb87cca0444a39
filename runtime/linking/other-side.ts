/** One side of a conversation. The runtime is loaded when there is something to link: until then a thread or process has only this file. */
import type { SpanContext } from '../../model/index.ts'
import { requireLazily } from './hook-file.ts'
import { thisThread } from './link-data.ts'
import type { TaskTag } from './task-tag.ts'

type Runtime = typeof import('./receive.ts')
type Sender = Partial<TaskTag>

const RUNTIME = Symbol.for('span-tree.runtime.2')

let loaded: Runtime | undefined

export function runtime(): Runtime {
  return (loaded ??= requireLazily('receive') as Runtime)
}

/** Who is at the other end: the thread or process that made this one, or one that was made here. */
export type Other = 'maker' | 'made'

/** Answers of those that were made here, and that are being handled. */
let answers = 0

/**
 * What is current where the program itself posts a message; undefined where it is not certain on whose behalf. Pools that are made by hand
 * send the next task, anybody's, as they handle the answer to the last one.
 */
export function contextToSend(to: Other): SpanContext | undefined {
  return (to === 'made' && answers > 0) || !(RUNTIME in globalThis) ? undefined : runtime().contextToSend()
}

/** Takes the tag off a pool's message. A task that was enqueued before its pool was linked is nobody's: not that of the task before it. */
export function tagOf(message: unknown): Sender | undefined {
  if (typeof message !== 'object' || message === null) return undefined
  const { 'span-tree': tag } = message as { 'span-tree'?: TaskTag }
  // On its way: some pools have a port between the pool and what forwards to a process.
  if (tag?.from === thisThread) return undefined
  if (typeof tag?.enqueued !== 'number') return isTask(message) && RUNTIME in globalThis ? { enqueued: 0 } : undefined
  delete (message as { 'span-tree'?: TaskTag })['span-tree']
  return tag
}

/** Whether a pool's message says already who wants it. */
export function isTagged(message: unknown): boolean {
  return typeof message === 'object' && message !== null && Object.hasOwn(message, 'span-tree')
}

function isTask(message: object): boolean {
  return Object.hasOwn(message, 'taskId') && Object.hasOwn(message, 'filename')
}

/** Hands a message to its handlers: below the span that sent it, where that is known; else in no span. */
export function deliver(
  message: unknown,
  from: Other | undefined,
  context: SpanContext | undefined,
  hand: () => unknown,
): unknown {
  const tag = tagOf(message) ?? (context && { context })
  if (from === 'made') answers++
  try {
    return tag === undefined ? hand() : runtime().runTagged(tag, hand)
  } finally {
    if (from === 'made') answers--
  }
}

/** Puts a function in the place of another one, as far as anyone can tell. */
export function replace<T extends object>(
  target: T,
  name: string | symbol,
  replacement: (this: never, ...rest: never[]) => unknown,
): void {
  const original = (target as Record<string | symbol, { name: string; length: number }>)[name]
  for (const key of ['name', 'length'] as const) {
    if (original !== undefined) Object.defineProperty(replacement, key, { value: original[key], configurable: true })
  }
  Object.defineProperty(target, name, { value: replacement, configurable: true, writable: true })
}
