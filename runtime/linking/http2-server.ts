import type { IncomingHttpHeaders } from 'node:http'
import type { ServerHttp2Stream } from 'node:http2'
import { isRunning } from '../active-span.ts'
import { context, currentTask, storage } from '../shared.ts'
import type { Task } from '../task.ts'
import { emitInTask, replaceEmit } from './http-emit.ts'
import { type Incoming, markWith, served, taskOfIncoming, taskOfRequest } from './http-server.ts'

type Headers = { readonly [name: string]: unknown }

const linked = new WeakSet<object>()

/**
 * A stream has come in, which its server is told of in the next tick. Node publishes it on a stack that is the session's, not the
 * stream's, so that nothing can be entered there: the server gets an `emit` of its own, and so do the classes of streams, requests and responses,
 * for the reasons of `http-emit.ts`.
 */
export function linkStream(stream: ServerHttp2Stream): void {
  const { server } = stream.session as unknown as { server?: object }
  if (server !== undefined && !linked.has(server)) linkServer(server)
  const prototype = Object.getPrototypeOf(stream) as object
  if (linked.has(prototype)) return
  linked.add(prototype)
  emitInTask(prototype, taskOfRequest, closed)
  const { Http2ServerRequest, Http2ServerResponse } = process.getBuiltinModule('http2')
  for (const { prototype } of [Http2ServerRequest, Http2ServerResponse])
    emitInTask(prototype, self => taskOfRequest((self as { stream?: object }).stream))
}

function linkServer(server: object): void {
  linked.add(server)
  replaceEmit(server, original => {
    return function emit(this: object, ...parameters) {
      const [event, first, headers] = parameters
      const all = (): boolean => Reflect.apply(original, this, parameters)
      if (event === 'stream') return enterFor(begin(first as ServerHttp2Stream, headers as Headers), all)
      // Frameworks know the request, and not its stream.
      const task = event === 'request' ? taskOfRequest((first as { stream?: object }).stream) : undefined
      if (task !== undefined) markWith(first as object, task)
      return all()
    }
  })
}

/** A tunnel has no end that anybody tells. */
function begin(stream: ServerHttp2Stream, headers: Headers): Task | undefined {
  return headers[':method'] === 'CONNECT' ? undefined : taskOfIncoming(stream, incoming(headers))
}

/** As it would have come by HTTP/1. */
function incoming(headers: Headers): Incoming {
  return {
    headers: { ...headers, host: headers[':authority'] ?? headers['host'] } as IncomingHttpHeaders,
    method: String(headers[':method']),
    url: String(headers[':path']),
    httpVersion: '2',
    socket: { encrypted: headers[':scheme'] === 'https' },
  }
}

function closed(task: Task, self: object): void {
  const stream = self as ServerHttp2Stream
  const status = Number(stream.sentHeaders?.[':status'])
  const method = task.owner.details?.attributes?.['http.request.method']
  served(
    task,
    { headers: {}, method: String(method), httpVersion: '2', socket: null },
    {
      headersSent: Number.isInteger(status),
      statusCode: status,
      writableFinished: !stream.aborted && stream.rstCode === 0,
    },
  )
}

/** Nothing is below the span that called `listen`, in whose context Node hands streams over. */
function enterFor<T>(task: Task | undefined, action: () => T): T {
  if (task === undefined) return currentTask() === undefined ? action() : storage.run(undefined, action)
  if (!isRunning(task.owner)) return storage.run(task, action)
  context.enter(task)
  try {
    return action()
  } finally {
    context.leave(task)
  }
}
