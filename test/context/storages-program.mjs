/** What a program sees of its own storages; it prints a line for each look. */
import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks'

const first = new AsyncLocalStorage()
const second = new AsyncLocalStorage({ defaultValue: 'none' })
const seen = []

function look(where) {
  seen.push(`${where}: ${first.getStore()} ${second.getStore()}`)
}

async function leaf(name) {
  look(`${name} begins`)
  await null
  look(`${name} goes on`)
}

async function inside() {
  await leaf('below run')
  await second.run('s', async () => {
    look('in two')
    await leaf('below two')
    first.enterWith('entered')
    look('entered')
    await leaf('below entered')
    first.exit(() => look('exit'))
    await first.run('again', leaf, 'run again')
  })
  look('back in one')
}

async function entersAndReturns() {
  first.enterWith('kept by the caller')
  look('enters')
  await null
  look('enters, later')
}

async function* steps() {
  look('first step')
  yield 1
  look('second step')
  await leaf('of a step')
  yield 2
}

async function disables() {
  await leaf('before disable')
  second.disable()
  look('disabled')
  await leaf('after disable')
}

function bound() {
  const back = AsyncLocalStorage.snapshot()
  const resource = new AsyncResource('test')
  return () => {
    back(look, 'snapshot')
    resource.runInAsyncScope(look, null, 'resource')
  }
}

async function callbacks() {
  await new Promise(resolve => setTimeout(() => resolve(look('timer')), 1))
  await new Promise(resolve => setImmediate(() => resolve(look('immediate'))))
  process.nextTick(look, 'tick')
  queueMicrotask(() => look('microtask'))
  await Promise.reject(new Error('gone')).catch(() => look('catch'))
  await new Promise(resolve => process.nextTick(resolve))
}

async function main() {
  look('main')
  await first.run('f', inside)
  look('after run')
  const back = first.run('b', bound)
  await second.run('other', async () => back())
  const iterator = first.run('i', () => steps())
  await first.run('one', () => iterator.next())
  await second.run('two', () => iterator.next())
  await first.run('three', () => iterator.next())
  await first.run('c', callbacks)
  await entersAndReturns()
  look('after entering')
  await second.run('to be disabled', async () => {
    await disables()
    look('caller of what disabled')
  })
  await Promise.all([first.run('p', leaf, 'p'), first.run('q', leaf, 'q')])
  look('end')
}

await main()
console.log(seen.join('\n'))
