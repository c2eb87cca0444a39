/** A thread with a store of its own, so that neither writing nor a long question keeps others waiting for an answer. */
import { parentPort, workerData } from 'node:worker_threads'
import { answerJson } from '../store/answer-json.ts'
import { SqliteStore } from '../store/sqlite/sqlite-store.ts'
import type { TraceStore } from '../store/trace-store.ts'
import { Ingest } from './ingest.ts'
import { Maintenance } from './maintenance.ts'
import { Rest } from './rest.ts'
import type {
  FromThread,
  ThreadAnswer,
  ThreadError,
  ThreadRequest,
  ThreadSettings,
  ToThread,
} from './thread-protocol.ts'

const { file, role, retention } = workerData as ThreadSettings
const store = new SqliteStore(file, { readOnly: role === 'reader' })
const ingest = new Ingest(store)
const rest = new Rest(() => store.shrink())
const upkeep: Pick<TraceStore, 'maintain'> = {
  maintain(limits) {
    rest.disturb()
    return store.maintain(limits)
  },
}
const maintenance = role === 'writer' ? new Maintenance(upkeep, retention, () => ingest.commit.isIdle) : undefined

parentPort?.on('message', ({ id, ...request }: ToThread) => {
  rest.disturb()
  answer(request as ThreadRequest).then(
    given => say({ id, answer: given }),
    (error: Error) => say({ id, error: { ...error, name: error.name, message: error.message, ...stackOf(error) } }),
  )
})
say({ id: 0, answer: undefined })

async function answer(request: ThreadRequest): Promise<ThreadAnswer> {
  switch (request.kind) {
    case 'receive': {
      const given = await ingest.receive(request.incoming)
      maintenance?.wrote()
      return given
    }
    case 'call': {
      const [method, ...parameters] = request.call
      // The list of routes, and nobody else, says which method with which parameters.
      const given: unknown = await (store[method] as (...all: readonly unknown[]) => Promise<unknown>)(...parameters)
      return {
        json: answerJson(given),
        none: given === undefined || (given as { kind?: unknown } | null)?.kind === 'none',
      }
    }
    case 'close':
      maintenance?.stop()
      await ingest.commit.flush()
      await store.close()
      parentPort?.unref()
      return undefined
  }
}

function say(message: FromThread): void {
  parentPort?.postMessage(message)
}

function stackOf({ stack }: Error): Pick<ThreadError, 'stack'> {
  return stack === undefined ? {} : { stack }
}
