/**
 * Messages between a process and one that it has forked. The span that sent a message goes ahead of it as one of Node's internal messages, which
 * no program gets to see; both sides are Node, and Node leaves those that it does not know alone.
 */
import type { SpanContext } from '../../model/index.ts'
import { contextToSend, deliver, isTagged, type Other, replace } from './other-side.ts'

type Method = (this: object, ...parameters: unknown[]) => unknown

interface End {
  emit: Method
  send?: Method | undefined
}

const NOTE = 'NODE_SPAN_TREE'

/** Links one end of the channel: `process`, or the ChildProcess. `withTag`: adds the tag to a pool's message. */
export function linkChannel(end: End, other: Other, withTag: (message: unknown) => unknown): void {
  watchEvents(end, other)
  if (end.send !== undefined) watchSending(end, end.send, other, withTag)
}

function watchSending(end: End, send: Method, other: Other, withTag: (message: unknown) => unknown): void {
  replace(end, 'send', function (this: object, ...parameters: unknown[]) {
    const [message, ...rest] = parameters
    const sent = withTag(message)
    const context = sent !== message || isTagged(message) ? undefined : contextToSend(other)
    const { connected } = end as { connected?: boolean }
    if (context !== undefined && connected) Reflect.apply(send, this, [{ cmd: NOTE, context }])
    return Reflect.apply(send, this, parameters.length === 0 ? [] : [sent, ...rest])
  } as never)
}

function watchEvents(end: End, other: Other): void {
  const { emit } = end
  let context: SpanContext | undefined
  replace(end, 'emit', function (this: object, ...parameters: unknown[]) {
    const [event, message] = parameters as [string, { cmd?: string; context?: SpanContext } | null]
    const hand = (): unknown => Reflect.apply(emit, this, parameters)
    if (event === 'internalMessage' && message?.cmd === NOTE) context = message.context
    if (event !== 'message') return hand()
    const sender = context
    context = undefined
    return deliver(message, other, sender, hand)
  } as never)
}
