/**
 * Messages between a worker and the thread that made it. Nothing is added to a message: each side counts what it sends and what it gets, and
 * the span that sent message number n goes through a port of our own, ahead of the message. Whoever does not read it misses nothing.
 */
import { syncBuiltinESMExports } from 'node:module'
import threads, { type MessagePort as Port } from 'node:worker_threads'
import type { SpanContext } from '../../model/index.ts'
import { contextToSend, deliver, isTagged, type Other, replace, runtime, tagOf } from './other-side.ts'

type Method = (this: object, ...parameters: unknown[]) => unknown

interface Note {
  readonly number: number
  readonly context: SpanContext | undefined
}

interface Conversation {
  readonly with: Other
  readonly control: Port
  /** What comes on `control` and is no note. */
  readonly rest: (message: unknown) => void
  /** By the number of the message that they belong to. */
  readonly contexts: Map<number, SpanContext | undefined>
  sent: number
  received: number
}

const { MessagePort } = threads
/** As Node has it: what is received by this is ours, and not counted. */
export const receiveUnwatched: typeof threads.receiveMessageOnPort = threads.receiveMessageOnPort
/** How Node delivers a message to whatever listens for it. */
const DISPATCH = Symbol.for('nodejs.internal.kHybridDispatch')

const conversations = new WeakMap<object, Conversation>()

/** Links what goes through `port`, from its first message on; `control` is ours. Returns what takes notes that come on it. */
function startConversation(
  port: Port,
  control: Port,
  other: Other,
  rest: (message: unknown) => void,
): (message: unknown) => void {
  const conversation = { with: other, control, rest, contexts: new Map(), sent: 0, received: 0 }
  conversations.set(port, conversation)
  return message => take(conversation, message)
}

/** The context of the message that is there now. */
function nextContext(conversation: Conversation): SpanContext | undefined {
  const number = ++conversation.received
  for (let note = receiveUnwatched(conversation.control); note; note = receiveUnwatched(conversation.control)) {
    take(conversation, note.message)
  }
  const context = conversation.contexts.get(number)
  conversation.contexts.delete(number)
  return context
}

function take(conversation: Conversation, message: unknown): void {
  const { number, context } = message as Note
  if (typeof number === 'number') conversation.contexts.set(number, context)
  else conversation.rest(message)
}

function watchDelivery(): void {
  const prototype = MessagePort.prototype as unknown as Record<symbol, Method>
  const dispatch = prototype[DISPATCH] as Method
  replace(prototype, DISPATCH, function (this: object, ...parameters: [unknown, ...unknown[]]) {
    const [data, type] = parameters
    const hand = (): unknown => Reflect.apply(dispatch, this, parameters)
    if (type !== 'message' && type !== 'messageerror') return hand()
    const conversation = conversations.get(this)
    return deliver(data, conversation?.with, conversation && nextContext(conversation), hand)
  } as never)
}

function watchPosting(): void {
  const prototype = MessagePort.prototype as unknown as { postMessage: Method }
  const post = prototype.postMessage
  replace(prototype, 'postMessage', function (this: object, ...parameters: unknown[]) {
    const conversation = conversations.get(this)
    if (conversation === undefined) return Reflect.apply(post, this, parameters)
    const context = isTagged(parameters[0]) ? undefined : contextToSend(conversation.with)
    const number = conversation.sent + 1
    const note = (context: SpanContext | undefined): unknown =>
      Reflect.apply(post, conversation.control, [{ number, context }])
    if (context !== undefined) note(context)
    try {
      const result = Reflect.apply(post, this, parameters)
      conversation.sent = number
      return result
    } catch (error) {
      // It was not sent: the next one has its number.
      if (context !== undefined) note(undefined)
      throw error
    }
  } as never)
}

/** Pools also take messages from their port in a loop, and handle each before they ask for the next. */
function watchReceiving(): void {
  let before: { readonly task: unknown } | undefined
  threads.receiveMessageOnPort = port => {
    const received = receiveUnwatched(port)
    const conversation = received && conversations.get(port)
    if (conversation !== undefined) nextContext(conversation)
    const tag = tagOf(received?.message)
    if (tag !== undefined) {
      before ??= { task: runtime().current() }
      runtime().enterTagged(tag)
    } else if (before !== undefined) {
      runtime().leaveTagged(before.task)
      before = undefined
    }
    return received
  }
  syncBuiltinESMExports()
}

type LinkPort = typeof startConversation

export const UNKNOWN_NODE = 'this Node delivers messages in a way that is not known'

/** Whether this Node delivers messages in a way that we know; else they are left alone, and carry no span. */
export const isWatched: boolean =
  typeof (MessagePort.prototype as unknown as Record<symbol, unknown>)[DISPATCH] === 'function'

const WATCHED: unique symbol = Symbol.for('span-tree.ports') as never

/** Once a thread, by whichever copy of the runtime comes first; only where this Node can be watched (`isWatched`). */
export function watchPorts(): void {
  if (WATCHED in globalThis) return
  Object.defineProperty(globalThis, WATCHED, { value: startConversation })
  watchDelivery()
  watchPosting()
  watchReceiving()
}

/** Links what goes through `port`, from its first message on; `control` is ours. Returns what takes all that comes on that. */
export const linkPort: LinkPort = (...parameters) => {
  watchPorts()
  return (globalThis as unknown as { [WATCHED]: LinkPort })[WATCHED](...parameters)
}
