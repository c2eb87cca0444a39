// With SPAN_TREE_LINKS=off: nothing of Node is changed, and traces end where a thread or a process begins.
import assert from 'node:assert/strict'
import childProcess, { ChildProcess } from 'node:child_process'
import { channel } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { MessagePort, Worker } from 'node:worker_threads'

const { spawn } = ChildProcess.prototype
const { spawnSync } = childProcess
const { postMessage } = MessagePort.prototype
const { getLogger } = await import('span-tree')
const { links } = await import('span-tree/link')
const { record, recorded } = await import('./names.mjs')
record()

const { Worker: WorkerNow } = await import('node:worker_threads')
assert.deepEqual(
  [WorkerNow, ChildProcess.prototype.spawn, childProcess.spawnSync, MessagePort.prototype.postMessage],
  [Worker, spawn, spawnSync, postMessage],
)
assert.equal(channel('http.client.request.created').hasSubscribers, false)
await getLogger('off').span('main', async () => {
  await once(new Worker(new URL('nested.mjs', import.meta.url)), 'exit')
  const printed = spawnSync(process.execPath, ['-p', 'process.env.TRACEPARENT'], { encoding: 'utf8' }).stdout
  assert.equal(printed, 'undefined\n')
})
assert.equal(await recorded(), 'main')
assert.ok(links().every(({ state, reason }) => state === 'unlinked' && reason === 'SPAN_TREE_LINKS=off'))
console.log('as without')
