import {
  MessageChannel,
  type MessagePort,
  type Worker as NodeWorker,
  setEnvironmentData,
  type WorkerOptions,
} from 'node:worker_threads'
import { collector, storage } from '../shared.ts'
import { callingLibrary } from './caller.ts'
import { type FlatTree, unflatten } from './flat-tree.ts'
import { handOut } from './hand-out.ts'
import { hookFlags } from './hook-file.ts'
import { linkPoolAt } from './known-pools.ts'
import { LINK, type ThreadLink } from './link-data.ts'
import { isWatched, linkPort, receiveUnwatched, UNKNOWN_NODE } from './message-ports.ts'
import { unlinked } from './registry.ts'
import { newBoard, readBoard } from './running-board.ts'

const NAME = 'worker_threads'

/** Its workers run tests, each a program of its own with its own recorder; what they trace is no part of what the runner does. */
const TEST_RUNNER = /[\\/]node_modules[\\/]vitest[\\/](?!.*[\\/]node_modules[\\/])/

type Arguments = [filename: string | URL, options?: WorkerOptions]

/** A worker that was made here, by our side of the link. */
interface Made {
  readonly worker: { readonly threadId: number }
  readonly board: SharedArrayBuffer
  /** Takes what comes from it. */
  readonly take: (message: unknown) => void
  /** Roots that have come from it or were taken from its board: the last to come, and all that were running when the process ended. */
  readonly known: { last: string | undefined; readonly taken: Set<string> }
}

/** By the ports on which their trees come. */
const workers = new Map<MessagePort, Made>()
/** Flags of this process that Node refuses to a worker. They are the whole process's, so the worker has them anyway. */
const refused = new Set<string>()

collector.beforeDrain.push(pull)

/** Makes a worker that is linked to this thread. `target`: what `new` was applied to. */
export function construct(Worker: typeof NodeWorker, parameters: Arguments, target: typeof NodeWorker): object {
  const [filename, options, ...rest] = parameters
  const plain = (): object => Reflect.construct(Worker, parameters, target)
  if (options !== undefined && (typeof options !== 'object' || options === null)) return plain()
  const given = options?.execArgv
  if (given !== undefined && !Array.isArray(given)) return plain()
  const library = callingLibrary()
  if (library !== undefined && TEST_RUNNER.test(library)) return plain()
  const { port1, port2 } = new MessageChannel()
  if (library !== undefined) linkPoolAt(library)
  // The workers of a pool serve everybody.
  const context = library === undefined ? handOut() : undefined
  const execArgv = given ?? process.execArgv
  const board = newBoard()
  const threadLink: ThreadLink = { port: port2, board, context, execArgv, off: !collector.enabled }
  const linked = (): object => {
    const flags = [...(given ?? inherited()), ...hookFlags()]
    const transferList = [...(options?.transferList ?? []), port2]
    const all = [filename, { ...options, execArgv: flags, transferList }, ...rest]
    return withData(threadLink, () => Reflect.construct(Worker, all, target))
  }
  // Events of the worker come in the context that it was made in: in the span that made it, for ever.
  return storage.run(undefined, () => {
    const worker = attempt(linked, given === undefined, plain) as NodeWorker
    const known: Made['known'] = { last: undefined, taken: new Set() }
    const receive = (tree: unknown): void => {
      known.last = (tree as FlatTree).spans[0]?.id
      collector.join(unflatten(tree as FlatTree))
    }
    listen(port1, { worker, board, known, take: linkMessages(worker, port1, receive) })
    return worker
  })
}

/** Made as it is to be; without the flags that Node refuses; and if all fails as if nobody had been here, for Node to say what is wrong. */
function attempt(linked: () => object, inheriting: boolean, plain: () => object): object {
  try {
    return linked()
  } catch (error) {
    if (inheriting && refuse(error)) return attempt(linked, true, plain)
  }
  const worker = plain()
  unlinked(NAME, 'Node refused the options that a worker was made with')
  return worker
}

/** Remembers which flags Node has refused; false where it was not about flags. */
function refuse(error: unknown): boolean {
  const { code, message } = error as NodeJS.ErrnoException
  if (code !== 'ERR_WORKER_INVALID_EXEC_ARGV') return false
  const before = refused.size
  for (const [flag] of message.matchAll(/--?[\w-]+/g)) refused.add(flag)
  return refused.size > before
}

/** This process's flags, each with the value that stands behind it, but those that a worker may not have. */
function inherited(): string[] {
  let keep = true
  return process.execArgv.filter(argument => {
    if (argument.startsWith('-')) keep = !refused.has(argument.split('=')[0] as string)
    return keep
  })
}

function withData<T>(data: ThreadLink, make: () => T): T {
  setEnvironmentData(LINK, data as never)
  try {
    return make()
  } finally {
    setEnvironmentData(LINK, undefined as never)
  }
}

/** Links `worker.postMessage` and the worker's `message` events; returns what handles all that comes on our own port. */
function linkMessages(worker: object, port: MessagePort, receive: (tree: unknown) => void): (message: unknown) => void {
  const symbol = Object.getOwnPropertySymbols(worker).find(({ description }) => description === 'kPublicPort')
  const publicPort = symbol && (worker as Record<symbol, MessagePort>)[symbol]
  if (publicPort !== undefined && isWatched) return linkPort(publicPort, port, 'made', receive)
  unlinked('messages of workers', UNKNOWN_NODE)
  return receive
}

function listen(port: MessagePort, made: Made): void {
  workers.set(port, made)
  port.on('message', made.take)
  port.once('close', () => {
    workers.delete(port)
    takeBoard(made)
  })
  port.unref()
}

/** What has come by now, without a turn of the event loop: a worker sends its trees before its answer. */
function pull(): void {
  for (const [port, made] of workers) {
    for (let next = receiveUnwatched(port); next !== undefined; next = receiveUnwatched(port)) made.take(next.message)
    if (collector.ending || made.worker.threadId === -1) takeBoard(made)
  }
}

/** What ran in a worker that was terminated, or that ends with the process: nobody else will tell. */
function takeBoard({ board, known }: Made): void {
  for (const tree of readBoard(board)) {
    const { id } = tree.root
    if (id === known.last || known.taken.has(id)) continue
    known.taken.add(id)
    collector.join(tree)
  }
}
