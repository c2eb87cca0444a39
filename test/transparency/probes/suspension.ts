import { type Probe, probe, timed } from './probe.ts'

/** Promises, microtasks, generators. */
export const suspension: readonly Probe[] = [
  timed(
    'order of microtasks: async functions',
    `
async function nothing() {}
async function value() { return 1 }
async function waits() { await null; log('resumed', 1); return 2 }
async function returnsPromise() { return later(1, 'p') }
async function throws() { throw new Error('x') }
nothing().then(() => log('nothing', 0))
value().then(v => log('value', v))
waits().then(v => log('waits', v))
returnsPromise().then(v => log('promise', v))
throws().catch(e => log('throws', e.message))
Promise.resolve().then(() => log('1', 0)).then(() => log('2', 0)).then(() => log('3', 0)).then(() => log('4', 0))
`,
  ),
  timed(
    'order of microtasks: `for await`, async generators, `finally`',
    `
async function* numbersLater() { try { yield 1; yield later(2, 'b'); return later(1, 'c') } finally { await null; log('closed', 1) } }
async function each() { for await (const n of numbersLater()) log('n', n); return 'each' }
async function cleans() { try { return await later(1, 'x') } finally { log('finally', 1); await null } }
each().then(v => log('each', v))
cleans().then(v => log('cleans', v))
driveAsync('g', numbersLater(), 'nnnn')
`,
  ),
  probe(
    'promises keep their identity and class',
    `
const promise = Promise.resolve(1), own = special(2)
function same() { return promise }
function subclass() { return own }
async function native() { return own }
log('same', same() === promise)
log('subclass', subclass() === own)
log('class', subclass().constructor.name)
log('native', native().constructor === Promise)
`,
  ),
  probe(
    'thenables are left alone',
    `
function query() { return thenable('sync', 1) }
const arrow = () => thenable('arrow', 2)
function* steps() { yield thenable('yielded', 3) }
log('not run', typeof query().then)
log('not run', typeof arrow().then)
log('not run', typeof steps().next().value.then)
`,
  ),
  probe(
    'a thenable that is awaited is asked once',
    `
async function waits() { return await thenable('awaited', 1) }
async function returns() { return thenable('returned', 2) }
waits().then(v => log('waited', v))
returns().then(v => log('returned', v))
`,
  ),
  probe(
    'unhandled rejections are reported, handled ones are not',
    `
async function fails() { throw 'from an async function' }
function rejects() { return Promise.reject('from a plain function') }
async function passes() { return Promise.reject('through return') }
async function handled() { throw new Error('handled') }
const nextTurn = () => new Promise(go => setImmediate(go))
for (const fail of [fails, rejects, passes]) { fail(); await nextTurn() }
handled().catch(e => log('caught', e.message))
`,
  ),
  probe(
    'rejections: caught around `await`, not around `return`',
    `
const fail = () => laterFailing(1, 'x')
async function waits() { try { return await fail() } catch (e) { return 'caught' } finally { log('finally', 1) } }
async function returns() { try { return fail() } catch (e) { return 'caught' } finally { log('finally', 2) } }
waits().then(v => log('await', v), e => log('await failed', e.message))
returns().then(v => log('return', v), e => log('return failed', e.message))
`,
  ),
  probe(
    'generators: lazily begun, values sent and thrown in',
    `
function* conversation(first) {
  log('began', first)
  const second = yield 'ask'
  try { yield log('got', second) } catch (e) { log('caught', e); yield 'recovered' }
  return 'end'
}
const steps = conversation(1)
log('not begun', typeof steps.next)
log('1', steps.next('ignored'))
log('2', steps.next('sent'))
log('3', steps.throw('thrown'))
log('4', steps.next())
log('5', steps.next())
log('prototype', Object.getPrototypeOf(steps) === conversation.prototype)
`,
  ),
  probe(
    'generators closed early',
    `
function* resources() { try { yield 1; yield 2 } finally { log('closed', 1) } }
function* stubborn() { try { yield 1 } finally { yield log('not yet', 2) } }
for (const n of resources()) { log('n', n); break }
const [first] = resources()
log('destructured', first)
log('return', resources().return('early'))
const begun = resources(); begun.next()
log('begun', begun.return('late'))
const kept = stubborn(); kept.next()
log('kept', kept.return('x'))
log('then', kept.next())
try { for (const n of resources()) throw new Error('out') } catch (e) { log('thrown', e.message) }
`,
  ),
  probe(
    '`yield*`: values, `return` and `throw` pass through',
    `
function* inner() { try { const x = yield 'a'; log('sent', x); return 'result' } finally { log('inner closed', 1) } }
function* outer() { const r = yield* inner(); log('delegated', r); yield* numbers(1); return yield* [1, 2] }
drive('whole', outer(), 'nnnnnnn')
drive('closed', outer(), 'nrn')
drive('thrown', outer(), 'ntn')
`,
  ),
  probe(
    'async generators: queued requests, closed early',
    `
async function* source() { try { yield 1; yield later(1, 2); yield 3 } finally { log('closed', 1) } }
driveAsync('queued', source(), 'nnrn')
async function first() { for await (const n of source()) return n }
first().then(v => log('first', v))
`,
  ),
  probe(
    'top-level `await`',
    `
const loaded = await later(2, 'loaded')
async function use() { return loaded + ' used' }
log('use', await use())
for await (const n of asyncNumbers(2)) log('n', n)
export const done = await (async () => 'done')()
log('done', done)
`,
  ),
]
