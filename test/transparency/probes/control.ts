import { type Probe, probe, sloppy } from './probe.ts'

/** Statements, stacks, and code that is looked at as text. */
export const control: readonly Probe[] = [
  probe(
    'labelled loops: `break` and `continue` across `try`',
    `
function search(rows) {
  const seen = []
  outer: for (const row of rows) {
    for (const cell of row) {
      try { if (cell === 'skip') continue outer; if (cell === 'stop') break outer; seen.push(cell) } finally { seen.push('f') }
    }
    seen.push('row')
  }
  block: { if (seen.length) break block; seen.push('never') }
  return seen
}
log('seen', search([[1, 'skip', 2], [3], ['stop'], [4]]))
`,
  ),
  probe(
    'completion of `finally`',
    `
function overrides() { try { return 'try' } finally { return 'finally' } }
function swallows() { try { throw new Error('x') } finally { return 'swallowed' } }
function replaces() { try { throw new Error('first') } finally { throw new Error('second') } }
function loop() { for (;;) { try { return 'returned' } finally { break } } return 'behind' }
function late() { let x = 1; try { return x } finally { x = 2 } }
log('overrides', overrides())
log('swallows', swallows())
try { replaces() } catch (e) { log('replaces', e.message) }
log('loop', loop())
log('late', late())
`,
  ),
  probe(
    '`using`: order of disposal, in functions and blocks',
    `
function work() { using a = resource('a'); { using b = resource('b'); log('inside', 1) } log('between', 1); return log('value', 'v') }
async function workLater() { await using a = asyncResource('late a'); using b = resource('late b'); await null; return 'done' }
function fails() { using a = resource('failing'); throw new Error('body') }
log('work', work())
try { fails() } catch (e) { log('caught', e.message) }
workLater().then(v => log('later', v))
`,
  ),
  sloppy(
    'scopes: closures in loops, `var` in blocks, shadowed parameters, direct `eval`',
    `
function closures() { const all = []; for (let i = 0; i < 3; i++) all.push(() => i); return all.map(f => f()) }
function shadows(x) { { let x = 'inner'; log('inner', x) } var x; return x }
function evaluates(a) { var local = 1; eval('var made = local + a'); return made }
function dead() { try { return early } catch (e) { return e.name } let early }
log('closures', closures())
log('shadows', shadows('parameter'))
log('eval', evaluates(2))
log('dead zone', dead())
`,
  ),
  sloppy(
    'sloppy only: `with`, octal, names that are reserved elsewhere',
    `
function within(object) { with (object) { return value } }
function octal() { return 010 + log('', 0) }
function names(let, yield, await) { return [let, yield, await] }
log('with', within({ value: 'found' }))
log('octal', octal())
log('names', names(1, 2, 3))
`,
  ),
  probe(
    'stack of an error: frames, names, lines and columns',
    `
function parse(text) { if (!text) throw new TypeError('empty') }
function   load(text)   {   return    parse(text)   }
class Loader { load(text) { return load(text) } static start() { return new Loader().load('') } }
try { Loader.start() } catch (e) { log('stack', e) }
const arrow = () => { throw new RangeError('arrow') }
try { [1].map(arrow) } catch (e) { log('through map', e) }
`,
  ),
  probe(
    'stack of an error: async frames',
    `
async function deep() { await null; throw new Error('deep') }
async function middle() { return await deep() }
async function top() { try { await middle() } catch (e) { log('stack', e) } }
top()
function* steps() { yield 1; throw new Error('generator') }
try { for (const n of steps()) log('n', n) } catch (e) { log('stack', e) }
`,
  ),
  probe(
    'stack of an error that the engine throws, and of one made but not thrown',
    `
function missing(object) {
  return object.a.b.c
}
function made() { return new Error('kept') }
class Custom extends Error { constructor(m) { super(m); this.extra = 1 } }
function custom() { return new Custom('own') }
try { missing({}) } catch (e) { log('engine', e) }
log('made', made())
log('custom', custom())
`,
  ),
  probe(
    '`Error.captureStackTrace` and `stackTraceLimit` count frames as before',
    `
function capture() { const holder = new Error('here'); Error.captureStackTrace(holder, capture); return holder }
function caller() { return capture() }
log('captured', caller())
function recurse(n) { if (n === 0) throw new Error('limited'); recurse(n - 1) }
const before = Error.stackTraceLimit
Error.stackTraceLimit = 3
try { recurse(5) } catch (e) { log('three', e) }
Error.stackTraceLimit = 0
try { recurse(1) } catch (e) { log('none', e) }
Error.stackTraceLimit = before
`,
  ),
  probe(
    'close to a stack overflow',
    `
let depth = 0
function recurse(n) { depth++; try { return recurse(n + 1) } finally { depth-- } }
class Node { walk(next) { return this.walk(next) } }
try { recurse(0) } catch (e) { log('overflow', [e.constructor.name, e.message]) }
log('balanced', depth)
try { new Node().walk() } catch (e) { log('method', [e.constructor.name, e.message]) }
log('again', (() => 'works')())
`,
  ),
  probe(
    'functions sent elsewhere as text',
    `
function double(x) { return x * log2(x) / Math.log2(x) }
const log2 = Math.log2
const sent = new Function('x', 'log2', 'return (' + (function triple(x) { return Math.abs(x) * 3 }).toString() + ')(x)')
log('new Function', sent(2))
const page = { evaluate: (fn, ...values) => new Function('return (' + String(fn) + ')(...arguments)')(...values) }
log('page.evaluate', page.evaluate(x => Math.abs(x) + 1, -4))
const source = String(function* steps() { yield* [1, 2].map(x => Math.sqrt(x * x)) })
log('generator', [...new Function('return ' + source)()()])
`,
  ),
  probe(
    'tagged templates, optional chaining, destructuring with defaults that call',
    `
function make(strings, ...values) { return [strings === make.last, (make.last = strings).raw.join('|'), ...values] }
const literal = x => make\`a\${x}b\`
log('first', literal(1))
log('cached', literal(2))
const object = { deep: { method() { return this === object.deep } } }
log('chain', [object.deep?.method?.(), object.none?.method()])
const read = ({ a = log('default', 'a'), ...rest } = {}) => [a, rest]
log('given', read({ a: 1, b: 2 }))
log('none', read())
`,
  ),
]
