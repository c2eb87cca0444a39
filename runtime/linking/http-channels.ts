import type { ClientRequest, IncomingMessage } from 'node:http'
import type { ServerHttp2Stream } from 'node:http2'
import type { Server, Socket } from 'node:net'
import { answered, call, failed } from './http-client.ts'
import { linkMessages, linkUpgrades } from './http-emit.ts'
import { routed, serve, taskOfRequest } from './http-server.ts'
import { httpRules } from './http-settings.ts'
import { linkStream } from './http2-server.ts'
import { send, type UndiciRequest, upload } from './undici.ts'
import { connecting, linkDispatchers } from './undici-queue.ts'

interface FastifyStart {
  readonly request?: { readonly raw?: object }
  readonly route?: { readonly url?: unknown }
}

/** What is done with a message of each channel. */
interface Channels {
  'net.server.socket'(message: { socket: Socket }): void
  'http2.server.stream.created'(message: { stream: ServerHttp2Stream }): void
  'http.server.request.start'(message: { request: IncomingMessage }): void
  'tracing:fastify.request.handler:start'(message: FastifyStart): void
  'http.client.request.created'(message: { request: ClientRequest }): void
  'http.client.response.finish'(message: { request: ClientRequest; response: IncomingMessage }): void
  'http.client.request.error'(message: { request: ClientRequest; error: unknown }): void
  'tracing:module.require:end'(message: object): void
  'undici:request:create'(message: { request: UndiciRequest }): void
  'undici:client:beforeConnect'(): void
  'undici:client:sendHeaders'(message: { request: UndiciRequest; socket: Socket }): void
  'undici:request:headers'(message: { request: UndiciRequest; response: { statusCode: number } }): void
  'undici:request:error'(message: { request: UndiciRequest; error: unknown }): void
}

let linked = false

export const channels: Channels = {
  'net.server.socket'({ socket }) {
    const { server } = socket as Socket & { server?: Server }
    if (server && (server.listenerCount('upgrade') > 0 || server.listenerCount('connect') > 0)) linkUpgrades(server)
  },
  'http2.server.stream.created'({ stream }) {
    linkStream(stream)
  },
  'http.server.request.start'({ request }) {
    if (!httpRules().server || taskOfRequest(request) !== undefined) return
    if (!linked) linkPrototypes()
    serve(request)
  },
  'tracing:fastify.request.handler:start'({ request, route }) {
    const task = taskOfRequest(request?.raw)
    if (task !== undefined && typeof route?.url === 'string') routed(task, route.url)
  },
  'http.client.request.created'({ request }) {
    sendByNode(request)
  },
  'http.client.response.finish'({ request, response }) {
    answered(request, response.statusCode ?? 0)
  },
  'http.client.request.error'({ request, error }) {
    failed(request, error)
  },
  'tracing:module.require:end'() {
    linkDispatchers()
  },
  'undici:request:create'({ request }) {
    send(request)
  },
  'undici:client:beforeConnect'() {
    connecting()
  },
  'undici:client:sendHeaders'(message) {
    upload(message)
  },
  'undici:request:headers'({ request, response }) {
    answered(request, response.statusCode)
  },
  'undici:request:error'({ request, error }) {
    failed(request, error)
  },
}

/** Loaded by now, since a request has come in. */
function linkPrototypes(): void {
  linked = true
  const http = process.getBuiltinModule('http')
  linkMessages(http.IncomingMessage, http.ServerResponse)
}

function sendByNode(request: ClientRequest): void {
  const { method, protocol, path } = request
  const host = request.getHeader('host') ?? hostOf(request)
  // Headers given as a list are written by now.
  const settable = !request.headersSent && !request.hasHeader('traceparent')
  call(request, {
    method,
    origin: `${protocol}//${String(host)}`,
    path,
    upgrades: method === 'CONNECT' || request.hasHeader('upgrade'),
    setHeader: settable ? (name, value) => request.setHeader(name, value) : undefined,
  })
}

function hostOf({ host }: ClientRequest): string {
  return host.includes(':') ? `[${host}]` : host
}
