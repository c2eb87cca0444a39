import { type Probe, probe, sloppy } from './probe.ts'

/** What a function is and what it is called with. */
export const functions: readonly Probe[] = [
  probe(
    'values, and the identity of what is thrown',
    `
const value = {}, problem = {}
function give() { return value }
function raise() { throw problem }
log('same value', give() === value)
try { raise() } catch (e) { log('same error', e === problem) }
for (const thrown of [undefined, null, 0, 'text']) { try { (() => { throw thrown })() } catch (e) { log('thrown', e) } }
`,
  ),
  sloppy(
    '`this`, strict and sloppy',
    `
function loose() { return this }
function tight() { 'use strict'; return this }
log('sloppy, none', loose.call(undefined) === globalThis)
log('sloppy, boxed', typeof loose.call('text'))
log('strict, none', typeof tight.call(undefined))
log('strict, a string', typeof tight.call('text'))
log('arrow', (function () { return (() => this)() }).call(7) == 7)
`,
  ),
  sloppy(
    '`arguments`, mapped to parameters',
    `
function mapped(a, b) { a = 'assigned'; arguments[1] = 'through'; return [arguments[0], b, arguments.length] }
log('mapped', mapped(1, 2, 3))
log('too few', mapped(1))
`,
  ),
  probe(
    '`arguments`, not mapped',
    `
function own(a) { a = 2; return [arguments[0], arguments.length, [...arguments]] }
function byDefault(a = 5) { a = 2; return [arguments[0], arguments.length] }
log('strict', own(1, 'x'))
log('with defaults', byDefault())
`,
  ),
  sloppy(
    '`arguments.callee` and `caller`',
    `
function self() { return arguments.callee === self }
function inner() { return inner.caller === outer }
function outer() { const found = inner(); return found }
log('callee', self())
log('caller', outer())
`,
  ),
  probe(
    '`length`',
    `
function two(a, b) { return log('', [a, b]) }
function defaulted(a, b = 1) { return [a, b] }
function rest(a, ...more) { return [a, more] }
function pattern({ a }, [b]) { return [a, b] }
const optional = (a = 1, b) => [a, b]
log('length', [two, defaulted, rest, pattern, optional].map(f => f.length).join())
`,
  ),
  probe(
    '`name`',
    `
function declared() { return 1 }
const arrow = () => log('', 1)
const expression = function () { return 1 }
const inner = function called() { return 1 }
const object = { method() { return 1 }, ['comp' + 'uted']() { return 1 }, [Symbol('s')]() { return 1 } }
class Static { static method() { return 1 } }
log('names', [declared, arrow, expression, inner, object.method, object.computed, Static.method].map(f => f.name).join())
log('symbol', object[Object.getOwnPropertySymbols(object)[0]].name)
`,
  ),
  probe(
    'kind of a function: constructor, prototype, toString tag',
    `
async function later() { await null }
function* steps() { yield 1 }
async function* both() { yield 1 }
const kinds = [() => log('', 1), later, steps, both, function () {}, { method() { return 1 } }.method]
log('kinds', kinds.map(f => Object.getPrototypeOf(f).constructor.name).join())
log('tags', kinds.map(f => Object.prototype.toString.call(f)).join())
log('prototypes', kinds.map(f => Object.hasOwn(f, 'prototype')))
log('own', kinds.map(f => Reflect.ownKeys(f).join()))
`,
  ),
  probe(
    'what can be called with `new`',
    `
const object = { method() { return 1 } }
async function later() { await null }
function* steps() { yield 1 }
for (const f of [() => log('', 1), object.method, later, steps, function plain() {}]) {
  try { log('made', new f() instanceof f) } catch (e) { log('refused', e instanceof TypeError) }
}
`,
  ),
  probe(
    '`new.target`',
    `
function Made() { this.target = new.target === Made; this.other = new.target === Derived }
class Base { constructor() { log('base', new.target.name) } }
class Derived extends Base {}
function Other() {}
log('new', new Made().target)
log('reflected', Reflect.construct(Made, [], Other).target)
log('call', (function () { return new.target })())
log('derived', new Derived() instanceof Base)
`,
  ),
  probe(
    'parameter defaults run outside of the body',
    `
const x = 'outer'
function scoped(read = () => x) { var x = 'inner'; return [read(), x] }
async function failing(a = raise()) { return a }
function raise() { throw new Error('default') }
log('scope', scoped())
let promise
try { promise = failing(); log('returned', promise instanceof Promise) } catch (e) { log('threw', e.message) }
promise?.catch(e => log('rejected', e.message))
`,
  ),
  probe(
    'own properties of a function, and writing to its name inside',
    `
function counted() { counted.calls = (counted.calls ?? 0) + 1; return counted.calls }
counted()
log('calls', counted())
const named = function self() { try { self = 1 } catch (e) { return e.name } }
log('name is constant', named())
log('keys', Reflect.ownKeys(counted))
`,
  ),
  sloppy(
    'hoisting: called before, declared twice, `var` beside a function',
    `
log('before', early())
function early() { return 'hoisted' }
function body() {
  log('inner', typeof twice === 'function' && twice())
  function twice() { return 1 }
  function twice() { return 2 }
  var beside; function beside() { return 3 }
  return typeof beside
}
log('var', body())
if (true) { function inBlock() { return 'block' } }
log('block', inBlock())
`,
  ),
  sloppy(
    'directives',
    `
function strict() { 'use strict'; return this === undefined }
function other() { 'some directive'; "use strict"; try { undeclaredName = 1; return 'assigned' } catch (e) { return e.name } }
function loose() { ('use strict'); undeclaredOther = 1; return delete globalThis.undeclaredOther }
const nested = function () { 'use strict'; return (() => this)() }
log('strict', strict())
log('second', other())
log('no directive', loose())
log('nested', nested())
`,
  ),
]
