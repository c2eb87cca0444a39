// What a program sees of linked processes. Throws where it sees anything that it should not, or a tree is wrong.
import assert from 'node:assert/strict'
import childProcess, { execFileSync, execSync, fork, spawn, spawnSync } from 'node:child_process'
import cluster from 'node:cluster'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { getLogger, inject } from 'span-tree'
import { record, recorded } from './names.mjs'

const log = getLogger('main')
const here = name => new URL(name, import.meta.url).pathname
const sleep = ms => new Promise(done => setTimeout(done, ms))
const PRINT = ['-p', 'process.env.TRACEPARENT']
const current = () => inject({}).traceparent
record()

async function environment() {
  const { execPath } = process
  const command = `"${execPath}" -p process.env.TRACEPARENT`
  await log.span('main', async () => {
    const parent = current()
    const outputs = [
      spawnSync(execPath, PRINT, { encoding: 'utf8' }).stdout,
      spawnSync(execPath, PRINT).stdout.toString(),
      execFileSync(execPath, PRINT).toString(),
      execSync(command, { env: { PATH: '' } }).toString(),
      await text(spawn(execPath, PRINT, { env: {} }).stdout),
      (await promisify(childProcess.execFile)(execPath, PRINT)).stdout,
      (await promisify(childProcess.exec)(command)).stdout,
    ]
    assert.deepEqual(new Set(outputs), new Set([`${parent}\n`]))
    const env = { TRACEPARENT: 'mine' }
    assert.equal(spawnSync(execPath, PRINT, { env, encoding: 'utf8' }).stdout, 'mine\n')
    assert.equal(await text(spawn(execPath, PRINT, { env }).stdout), 'mine\n')
    assert.deepEqual(env, { TRACEPARENT: 'mine' })
    // A callback runs in the span that it was given in.
    await new Promise(done => childProcess.execFile(execPath, PRINT, () => done(log.span('callback', () => {}))))
  })
  assert.equal(spawnSync(execPath, PRINT, { encoding: 'utf8' }).stdout, 'undefined\n')
  assert.equal(process.env.TRACEPARENT, undefined)
  assert.equal(await recorded(), 'main[callback]')
  assert.deepEqual([spawnSync.name, spawnSync.length, execSync.length], ['spawnSync', 3, 2])
  assert.equal(createRequire(import.meta.url)('child_process').spawnSync, spawnSync)
  assert.throws(() => spawnSync(7), { code: 'ERR_INVALID_ARG_TYPE' })
}

async function forks() {
  const answers = []
  let child
  await log.span('main', async () => {
    log.extra({ id: 'main' })
    child = fork(here('child.mjs'), ['argument'], { execArgv: ['--no-warnings'] })
    assert.deepEqual(child.spawnargs, [process.execPath, '--no-warnings', here('child.mjs'), 'argument'])
    child.on('message', message => log.span(`got ${message}`, () => answers.push(message)))
    log.span('sender', () => child.send('first'))
    await log.span('other', async () => child.send('second'))
    while (answers.length < 3) await sleep(5)
  })
  assert.deepEqual(answers.toSorted(), ['first, echoed', 'flags --no-warnings', 'second, echoed'])
  child.disconnect()
  await once(child, 'exit')
  const lines = readFileSync(process.env.TREES_FILE, 'utf8')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line).root)
  const byName = name => lines.find(root => root.name === name)
  const text = await recorded()
  // What the child sends as it starts is sent by what started it.
  const ours = text.split('\n').find(line => line.startsWith('main'))
  assert.equal(ours, 'main[sender other got flags --no-warnings]')
  assert.match(text, /^got first, echoed \((late )?remote\)$/m)
  assert.equal(new Set(lines.filter(({ name }) => name !== 'outside').map(({ parentId }) => parentId)).size, 3)
  assert.ok(byName('start').parentId && byName('handle first').parentId && byName('handle second').parentId)
}

async function clusters() {
  cluster.setupPrimary({ exec: here('cluster-worker.mjs') })
  const worker = cluster.fork()
  let handled
  worker.on('message', message => {
    handled = message
  })
  await once(worker, 'online')
  const parent = log.span('ask', () => {
    worker.send('question')
    return current()
  })
  while (handled === undefined) await sleep(5)
  assert.equal(handled, parent.split('-')[1])
  worker.disconnect()
  await once(worker, 'exit')
}

for (const scenario of [environment, forks, clusters]) {
  try {
    await scenario()
  } catch (error) {
    error.message = `${scenario.name}: ${error.message}`
    throw error
  }
}
console.log('all as it was')
