// Errors that leave functions of every kind, by every way there is: `main` returns the stacks.
const later = async value => { await null; return value }
function fails(text) { if (text !== undefined) throw new Error(text); null.missing }
async function failsLater(text) { await later(1); fails(text) }
async function failsAtOnce(text) { fails(text) }
const arrow = text => fails(text)
const arrowLater = async text => failsLater(text)
const arrowAwaits = async text => await failsLater(text)
const arrowMember = async text => Box.failing.failsLater(text)
class Box {
  static failing = { failsLater: async text => { await 0; fails(text) } }
  field = fails.bind(null, 'field')
  #secret(text) { fails(text) }
  constructor(text) { this.text = text; if (text) this.#secret(text) }
  get failing() { return fails('getter') }
  set failing(value) { fails(value) }
  method(text) { return this.#secret(text) }
  async asyncMethod(text) { return this.#later(text) }
  async awaitMethod(text) { return await this.#later(text) }
  async #later(text) { await later(); return this.#secret(text) }
  static make(text) { return new this(text) }
  *items(text) { yield 1; yield* this.inner(text) }
  *inner(text) { yield 2; yield this.method(text) }
  async *streamed(text) { yield 1; yield* this.deeper(text) }
  async *deeper(text) { yield await later(2); yield failsLater(text) }
  async *returned(text) { yield 1; return failsLater(text) }
  async *thrown(text) { yield later(0); throw new Error(text) }
  async *awaited(text) { yield await failsLater(text) }
}
class Derived extends Box {
  constructor(text) { super(text) }
  get failing() { return super.failing }
  method(text) { return super.method(text) }
  async asyncMethod(text) { return super.asyncMethod(text) }
}
async function returnsCall(text) { return failsLater(text) }
async function returnsCallOnce(text) { return failsAtOnce(text) }
async function returnsAwait(text) { return await failsLater(text) }
async function returnsMember(text) { const box = new Box; return box   .asyncMethod(text) }
async function returnsNew(text) { return new Box(text) }
async function returnsConditional(text) { await 1; return text ? failsLater(text) : 1 }
async function returnsParenthesised(text) { return (1, returnsCall(text)) }
async function returnsTemplate(text) { return `${await failsLater(text)}` }
async function returnsChain(text) { return Box?.failing?.failsLater(text) }
async function returnsTagged(text) { return fails`${text}` }
async function returnsInTry(text) { try { return await failsLater(text) } finally { await 1 } }
async function returnsInTryCall(text) { try { return failsLater(text) } finally { later(1) } }
async function returnsAfterFinally(text) { try { return returnsCall(text) } finally { await 1 } }
async function returnsAll(text) { return Promise.all([later(1), failsLater(text), returnsCall(text)]) }
async function returnsAny(text) { return Promise.any([failsLater(text)]) }
async function returnsRace(text) { return Promise.race([failsLater(text), later(4).then(later).then(later).then(later)]) }
async function returnsSettled(text) { const [one] = await Promise.allSettled([failsLater(text)]); throw one.reason }
async function returnsThen(text) { return later(1).then(() => fails(text)) }
async function returnsThenAsync(text) { return later(1).then(async () => failsLater(text)) }
async function returnsFinally(text) { return later(1).finally(() => failsLater(text)) }
async function awaitsTwice(text) { const [a, b] = [await later(1), await failsLater(text)]; return a + b }
async function awaitsInArguments(text) { return later(await later(1), await returnsCall(text)) }
async function loops(text) { for await (const each of new Box().streamed(text)) void each }
async function loopsReturned(text) { for await (const each of new Box().returned(text)) void each }
async function loopsThrown(text) { for await (const each of new Box().thrown(text)) void each }
async function loopsAwaited(text) { for await (const each of new Box().awaited(text)) void each }
async function loopsPromises(text) { for await (const each of [later(1), failsLater(text)]) void each }
async function defaults(text, value = fails(text)) { return value }
async function disposes(text) { await using box = { async [Symbol.asyncDispose]() { await 1; fails(text) } }; return later(box) }
async function deep(text, n = 3) { return n === 0 ? failsLater(text) : deep(text, n - 1) }
async function deepAwait(text, n = 3) { return n === 0 ? failsLater(text) : await deepAwait(text, n - 1) }
async function catches(text) { try { await failsLater(text) } catch (error) { throw new Error(text + ' again', { cause: error }) } }
async function nullish() { await 1; return fails() }
async function notCallable() { const nothing = {}; await 1; return nothing.call() }
async function notCallableAwait() { const nothing = {}; return await nothing.call() }
async function notNew() { const nothing = {}; return new nothing.Thing(1) }
async function notIterable() { const nothing = {}; return Math.max(...nothing) }
async function multiline(text) {
  return (
    later(1)
      .then(later)
      .then(() =>
        failsLater(text))
  )
}
async function multilineAwait(text) {
  return await
    Box
      .failing
      .failsLater(
        text)
}
async function iife(text) { return (async () => { await 1; fails(text) })() }
async function callsReturned(text) { return (() => failsLater)()(text) }
async function importing() { return import('./does-not-exist.mjs') }
function* delegates(text) { yield* new Box().items(text) }
const ways = {
  arrow, arrowLater, arrowAwaits, arrowMember, returnsCall, returnsCallOnce, returnsAwait, returnsMember, returnsNew, returnsConditional,
  returnsParenthesised, returnsTemplate, returnsChain, returnsTagged, returnsInTry, returnsInTryCall, returnsAfterFinally,
  returnsAll, returnsAny, returnsRace, returnsSettled, returnsThen, returnsThenAsync, returnsFinally, awaitsTwice, awaitsInArguments,
  loops, loopsReturned, loopsThrown, loopsAwaited, loopsPromises, defaults, disposes, deep, deepAwait, catches,
  nullish, notCallable, notCallableAwait, notNew, notIterable, multiline, multilineAwait, iife, callsReturned,
  field: () => new Box().field(),
  construct: text => new Derived(text),
  make: text => Derived.make(text),
  getter: () => new Derived().failing,
  setter: text => { new Derived().failing = text },
  method: text => new Derived().method(text),
  asyncMethod: text => new Derived().asyncMethod(text),
  awaitMethod: async text => await new Derived().awaitMethod(text),
  generator: text => [...new Derived().items(text)],
  delegates: text => { for (const each of delegates(text)) void each },
  sorting: text => [2, 1].sort(() => fails(text)),
  proxied: text => new Proxy({}, { get() { fails(text) } }).any,
  constructing: text => Reflect.construct(Derived, [text]),
}
class Failing { *[Symbol.iterator]() { yield 1; throw new Error('iterated') } async *[Symbol.asyncIterator]() { yield 1; throw new Error('async iterated') } }
const kept = { failing: new Failing, get bad() { throw new Error('bad getter') }, list: () => new Failing, deep: { list: () => new Failing } }
const noIterable = { [Symbol.iterator]() { throw new Error('no iterator') }, [Symbol.asyncIterator]() { throw new Error('no async iterator') } }
const more = {
  yieldStarName: () => { const failing = kept.failing; function* g() { yield* failing } return [...g()] },
  yieldStarMember: () => { function* g() { yield* kept.failing } return [...g()] },
  yieldStarCall: () => { function* g() { yield* kept.list() } return [...g()] },
  yieldStarPlainCall: () => { const list = () => new Failing; function* g() { yield* list() } return [...g()] },
  yieldStarDeep: () => { function* g() { yield* kept.deep.list() } return [...g()] },
  yieldStarNew: () => { function* g() { yield* new Failing } return [...g()] },
  yieldStarNewCall: () => { function* g() { yield* new Failing() } return [...g()] },
  yieldStarConditional: () => { function* g(a) { yield* a ? new Failing() : kept.list() } return [...g(1), ...g()] },
  yieldStarArray: () => { function* g(a) { yield* [kept.bad] } return [...g(1), ...g()] },
  yieldStarSpread: () => { function* g(a) { yield* [...kept.failing] } return [...g(1), ...g()] },
  yieldStarParenthesised: () => { function* g(a) { yield* (a, kept.list(), kept.failing) } return [...g(1), ...g()] },
  yieldStarChain: () => { function* g(a) { yield* kept?.list?.() } return [...g(1), ...g()] },
  yieldStarComputed: () => { function* g(a) { yield* kept['list']() } return [...g(1), ...g()] },
  yieldStarTagged: () => { const tag = () => new Failing; function* g(a) { yield* tag`x` } return [...g(1), ...g()] },
  yieldStarArguments: () => { function* g(a) { yield* kept.list(String(a), [a].map(String)) } return [...g(1), ...g()] },
  yieldStarThis: () => { function* g(a) { yield* this } return [...g.call(new Failing)] },
  yieldStarAssign: () => { let x; function* g(a) { yield* x = kept.list() } return [...g()] },
  yieldStarAssignName: () => { let x; function* g(a) { yield* x = kept.failing } return [...g()] },
  yieldStarLogical: () => { function* g(a) { yield* a ?? kept.failing } return [...g()] },
  yieldStarLogicalCall: () => { function* g(a) { yield* a || kept.list() } return [...g()] },
  yieldStarNone: () => { function* g(a) { yield* noIterable } return [...g()] },
  yieldStarNoneCall: () => { const f = () => noIterable; function* g(a) { yield* f() } return [...g()] },
  yieldStarNumber: () => { function* g(a) { yield* a } return [...g(1)] },
  yieldStarIn: () => { function* g(a) { const x = [yield* kept.list(), yield* kept.failing] } return [...g(1)] },
  yieldStarAfterYield: () => { function* g(a) { yield* [yield 1, kept.bad] } return [...g(1)] },
  yieldStarBinary: () => { function* g(a) { yield* a + kept.failing } const o = { [Symbol.toPrimitive]() { throw new Error('p') } }; return [...g(o)] },
  yieldStarYieldStar: () => { function* g(a) { yield* yield* kept.failing } return [...g(1)] },
  yieldStarThrowInto: () => { const it = { next: () => ({}), throw() { fails('throw') }, [Symbol.iterator]() { return this } }; function* g() { yield* it } const s = g(); s.next(); s.throw(1) },
  yieldStarReturn: () => { const it = { next: () => ({}), return() { fails('return') }, [Symbol.iterator]() { return this } }; function* g() { yield* it } const s = g(); s.next(); s.return(1) },
  yieldStarCloses: () => { const it = { next: () => ({}), return() { fails(String(arguments.length)) }, [Symbol.iterator]() { return this } }; function* g() { yield* it } const s = g(); s.next(); s.throw(1) },
  yieldStarSent: () => { const it = { next(sent) { if (sent) fails(sent) ; return {} }, [Symbol.iterator]() { return this } }; function* g() { yield* it } const s = g(); s.next(); s.next('sent') },
  yieldStarGetIterator: () => { function* g() { yield* { get [Symbol.iterator]() { fails('get iterator') } } } return [...g()] },
  yieldStarGetNext: () => { function* g() { yield* { [Symbol.iterator]: () => ({ get next() { fails('get next') } }) } } return [...g()] },
  yieldStarGetReturn: () => { function* g() { yield* { [Symbol.iterator]: () => ({ next: () => ({}), get return() { fails('get return') } }) } } const s = g(); s.next(); s.return() },
  yieldStarGetThrow: () => { function* g() { yield* { [Symbol.iterator]: () => ({ next: () => ({}), get throw() { fails('get throw') } }) } } const s = g(); s.next(); s.throw(1) },
  yieldStarGetValue: () => { function* g() { yield* { [Symbol.iterator]: () => ({ next: () => ({ get done() { fails('get done') } }) }) } } return [...g()] },
  yieldStarRecursive: () => { function* g(n) { if (n === 0) fails('deep'); yield n; yield* g(n - 1) } return [...g(5)] },
  asyncYieldStarThrowInto: async () => { const it = { next: async () => ({}), throw() { fails('throw') }, [Symbol.asyncIterator]() { return this } }; async function* g() { yield* it } const s = g(); await s.next(); await s.throw(1) },
  asyncYieldStarReturn: async () => { const it = { next: async () => ({}), return() { fails('return') }, [Symbol.asyncIterator]() { return this } }; async function* g() { yield* it } const s = g(); await s.next(); await s.return(1) },
  asyncYieldStarCloses: async () => { const it = { next: async () => ({}), return() { fails(String(arguments.length)) }, [Symbol.asyncIterator]() { return this } }; async function* g() { yield* it } const s = g(); await s.next(); await s.throw(1) },
  asyncYieldStarSyncCloses: async () => { const it = { next: () => ({}), return() { fails(String(arguments.length)) }, [Symbol.iterator]() { return this } }; async function* g() { yield* it } const s = g(); await s.next(); await s.throw(1) },
  asyncYieldStarGetIterator: async () => { async function* g() { yield* { get [Symbol.asyncIterator]() { fails('get iterator') } } } for await (const x of g()) void x },
  asyncYieldStarGetSyncIterator: async () => { async function* g() { yield* { get [Symbol.asyncIterator]() {}, get [Symbol.iterator]() { fails('get iterator') } } } for await (const x of g()) void x },
  asyncYieldStarSyncNext: async () => { const it = { next() { fails('next') }, [Symbol.iterator]() { return this } }; async function* g() { yield* it } for await (const x of g()) void x },
  forAwaitGetIterator: async () => { for await (const x of { get [Symbol.asyncIterator]() { fails('get iterator') } }) void x },
  forAwaitGetNext: async () => { for await (const x of { [Symbol.asyncIterator]: () => ({ get next() { fails('get next') } }) }) void x },
  forAwaitGetReturn: async () => { for await (const x of { [Symbol.asyncIterator]: () => ({ next: async () => ({}), get return() { fails('get return') } }) }) break },
  forAwaitSyncIterator: async () => { for await (const x of { [Symbol.iterator]: () => ({ next() { fails('next') } }) }) break },
  forAwaitSyncIteratorReturn: async () => { for await (const x of { [Symbol.iterator]: () => ({ next: () => ({}), return() { fails(String(arguments.length)) } }) }) break },
  forAwaitNextArguments: async () => { for await (const x of { [Symbol.asyncIterator]: () => ({ next() { fails(String(arguments.length)) } }) }) break },
  forAwaitInGenerator: async () => { async function* g() { yield 1; for await (const x of { [Symbol.asyncIterator]: () => ({ next() { fails('next') } }) }) break } for await (const x of g()) void x },
  awaitUsingGet: async () => { await using x = { get [Symbol.asyncDispose]() { fails('get dispose') } }; return x },
  awaitUsingSyncMethod: async () => { { await using x = { [Symbol.dispose]() { fails(String(arguments.length)) } } } await 1 },
  awaitUsingTwo: async () => { { await using x = { [Symbol.dispose]() { fails('first') } }, y = { async [Symbol.asyncDispose]() { await 1 } } } await 1 },
  forAwaitComputed: async () => { for await (const x of { a: 1, ['b']: 2, get [Symbol.asyncIterator]() { fails('get') }, c() {} }) void x },
  forAwaitComputedCall: async () => { for await (const x of { [String('b')]: 2, get [Symbol.asyncIterator]() { fails('get') }, c: String(1), d: 1 }) void x },
  yieldStarComputedSpread: () => { function* g() { yield* { ['a']: 1, get [Symbol.iterator]() { fails('get') }, ...kept.deep } } return [...g()] },
  yieldStarSpreadOnly: () => { const o = {}; function* g() { yield* { get [Symbol.iterator]() { fails('get') }, ...o } } return [...g()] },
  yieldStarAccessors: () => { function* g() { yield* { __proto__: { get [Symbol.iterator]() { fails('get') } }, get a() { return 1 }, async b() {}, *c() {} } } return [...g()] },
  yieldStarAsyncMethod: () => { function* g() { yield* { get [Symbol.iterator]() { fails('get') }, async *['c']() {} } } return [...g()] },
  yieldStarProperties: () => { const x = 1, it = { get [Symbol.iterator]() { fails('get') } }; const list = [
    function* g1() { yield* { __proto__: it, a: x, b: 1 } }, function* g2() { yield* { __proto__: it, a: () => 1 } }, function* g3() { yield* { __proto__: it, x } },
    function* g4() { yield* { __proto__: it, b() {}, get c() { return 1 } } }, function* g5() { yield* { __proto__: it, a: { b: x } } }, function* g6() { yield* { __proto__: it, a: { b: [1] } } },
    function* g7() { yield* { __proto__: it, a: /x/ } }, function* g8() { yield* { __proto__: it, a: !x } }, function* g9() { yield* { __proto__: it, a: x ? 1 : 2 } },
    function* g10() { yield* { __proto__: it, ['z']: 1, a: {b: 1} } }, function* g11() { yield* { __proto__: it, ['z']: 1, get a() { return 1 } } }, function* g12() { yield* { __proto__: it, ...x } },
    function* g13() { yield* { __proto__: it, a: class {} } }, function* g14() { yield* { __proto__: it, a: `x` } }, function* g15() { yield* { __proto__: it, a: null } },
  ]; const errors = list.map(each => { try { [...each()] } catch (error) { return error.stack } }); throw Object.assign(new Error('all'), { stack: errors.join('\n') }) },
  inferredInList: () => { const list = [() => fails('x')]; list[0]() },
  inferredInListBlock: () => { const list = [() => { fails('x') }, function () { list[0]() }]; list[1]() },
  inferredInListLater: async () => { const list = [async () => { await failsLater('x') }, async function () { await list[0]() }]; await list[1]() },
  inferredInListGenerator: () => { const list = [function* () { yield 1; yield* list[1]() }, function* () { yield fails('x') }]; return [...list[0]()] },
  inferredInCall: () => { const made = ((a) => a)(() => { const inner = { deep: { names: 1 } }; fails(inner.deep.names) }); made() },
  inferredInObject: () => { const made = { a: [() => { const { b } = { b: 1 }; fails(b) }] }; made.a[0]() },
  inferredAssigned: async () => { const made = {}; made.some = { thing: [async () => { fails('x') }, async () => { await made.some.thing[0]() }] }; return await made.some.thing[1](), made.some.thing[0]() },
  inferredProto: () => { const list = [function* () { yield* { __proto__: { get [Symbol.iterator]() { fails('x') } } } }]; return [...list[0]()] },
  asyncYieldStarRejectedName: async () => { const p = failsLater('in a list'); async function* g() { yield* [1, p] } for await (const x of g()) void x },
  forAwaitRejectedName: async () => { const p = failsLater('in a list'); for await (const x of [p, 1]) void x },
  forAwaitRejectedNames: async () => { const p = failsLater('in a list'), q = later(1); for await (const x of [p, q]) void x },
  asyncYieldStarName: async () => { const failing = kept.failing; async function* g() { yield* failing } for await (const x of g()) void x },
  asyncYieldStarMember: async () => { async function* g() { yield* kept.failing } for await (const x of g()) void x },
  asyncYieldStarCall: async () => { async function* g() { yield* kept.list() } for await (const x of g()) void x },
  asyncYieldStarAwait: async () => { async function* g() { yield* await later(kept.list()) } for await (const x of g()) void x },
  asyncYieldStarSync: async () => { function* s() { yield 1; fails('sync') } async function* g() { yield* s() } for await (const x of g()) void x },
  asyncYieldStarRejected: async () => { async function* g() { yield* [later(1), failsLater('in a list')] } for await (const x of g()) void x },
  asyncYieldStarNone: async () => { async function* g() { yield* noIterable } for await (const x of g()) void x },
  forAwaitNone: async () => { for await (const x of noIterable) void x },
  forAwaitName: async () => { const { failing } = kept; for await (const x of failing) void x },
  forAwaitMember: async () => { for await (const x of kept.failing) void x },
  forAwaitCall: async () => { for await (const x of kept.list()) void x },
  forAwaitDeep: async () => { for await (const x of kept.deep.list()) void x },
  forAwaitNumber: async () => { for await (const x of 1) void x },
  forAwaitReturn: async () => { const it = { [Symbol.asyncIterator]() { return this }, async next() { return {} }, async return() { await 1; fails('return') } }; for await (const x of it) break },
  forAwaitSyncReturn: async () => { const it = { [Symbol.asyncIterator]() { return this }, async next() { return {} }, return() { fails('return') } }; for await (const x of it) break },
  forAwaitSyncNext: async () => { const it = { [Symbol.asyncIterator]() { return this }, next() { fails('next') } }; for await (const x of it) break },
  forAwaitNoBlock: async () => { for await (const x of [1]) await failsLater('body') },
  yieldRejected: async () => { async function* g() { yield failsLater('y') } await g().next() },
  yieldName: async () => { async function* g(p) { yield p } await g(failsLater('y')).next() },
  yieldThrow: async () => { async function* g(p) { yield 1 } const it = g(); await it.next(); await it.throw(new Error('thrown in')) },
  yieldReturn: async () => { async function* g(p) { try { yield 1 } finally { await failsLater('in finally') } } const it = g(); await it.next(); await it.return(1) },
  yieldThenFails: async () => { async function* g(p) { const x = yield 1; fails('behind') } const it = g(); await it.next(); await it.next(1) },
  yieldInArguments: () => { function* g(p) { fails(yield 1) } const it = g(); it.next(); it.next('sent') },
  returnName: async () => { async function* g(p) { return p } await g(failsLater('r')).next() },
  returnMember: async () => { async function* g(p) { return p.q.r } await g({ q: { r: failsLater('r') } }).next() },
  returnGetter: async () => kept.bad,
  returnGetterAwait: async () => { return await kept.bad },
  returnPromiseName: async () => { const p = failsLater('p'); return p },
  awaitName: async () => { const p = failsLater('p'); await p },
  awaitMember: async () => { const o = { p: failsLater('p') }; await o.p },
  awaitParenthesised: async () => { await (1, failsLater('p')) },
  awaitAwait: async () => { await await failsLater('p') },
  awaitInCondition: async () => { if (await failsLater('p')) return 1 },
  awaitInTemplate: async () => `${1}${await failsLater('p')}`,
  awaitInObject: async () => ({ a: 1, b: await failsLater('p') }),
  awaitInDefault: async () => { const { a = await failsLater('p') } = {}; return a },
  awaitInFor: async () => { for (let i = await later(0); i < await failsLater('p'); i++) ; },
  awaitInSwitch: async () => { switch (await later(1)) { case await failsLater('p'): return 1 } },
  awaitInClass: async () => { class A { static [await failsLater('p')] = 1 } return A },
  awaitThenCall: async () => (await later({})).missing(),
  awaitThenGetter: async () => (await later(kept)).bad,
  awaitThenNew: async () => new (await later(kept)).Missing(),
  awaitThenTemplate: async () => { throw new Error(`x ${await later(1)}`) },
  awaitMultiline: async () => {
    const value = await
      failsLater(
        'p')
    return value
  },
  returnLogical: async () => null ?? failsLater('p'),
  returnComma: async () => (later(1), fails('p')),
  returnObjectCall: async () => ({ a: fails('p') }),
  returnAssignment: async () => { let x; return x = fails('p') },
  returnSpread: async () => Math.max(...[1].map(() => fails('p'))),
  returnNewAwait: async () => new Box(await later('awaited')),
  returnTernaryAwait: async () => (await later(1)) ? await failsLater('p') : 1,
  throwAwait: async () => { throw await later(new Error('made before')) },
  throwCall: async () => { const make = () => new Error('made'); throw make() },
  usingDispose: async () => { using x = { [Symbol.dispose]() { fails('dispose') } }; await 1; return x },
  usingInitialiser: async () => { using x = fails('open'); await 1; return x },
  awaitUsingInitialiser: async () => { await using x = fails('open'); return x },
  awaitUsingInitialiserLater: async () => { await using x = await failsLater('open'); return x },
  awaitUsingBlock: async () => { { await using x = { async [Symbol.asyncDispose]() { await 1; fails('dispose') } } } await 1 },
  awaitUsingSync: async () => { { await using x = { [Symbol.asyncDispose]() { fails('dispose') } } } await 1 },
  usingNotDisposable: () => { using x = {}; return x },
  awaitUsingNotDisposable: async () => { await using x = {}; return x },
  suppressed: () => { using x = disposed('x'); fails('body') },
  suppressedReturn: () => { using x = disposed('x'); return fails('body') },
  suppressedLast: () => { using x = disposed('x'); if (kept) fails('body'); kept.list },
  suppressedValue: () => { using x = disposed('x'); if (kept) fails('body'); const y = 1 },
  suppressedTwo: () => { using x = disposed('x'), y = disposed('y'); String(x) },
  suppressedTwoBlocks: () => { { using x = disposed('x'); { using y = disposed('y') } } },
  suppressedBlock: () => { { using x = disposed('x'); fails('body') } String(1) },
  suppressedNothing: () => { { using x = disposed('x'); using y = disposed('y') } },
  suppressedIf: () => { { using x = disposed('x'); if (kept) { fails('body') } else { String(1) } } },
  suppressedLoop: () => { for (const i of [1]) { using x = disposed('x'); fails('body') } },
  suppressedLater: async () => { using x = disposed('x'); await later(1); fails('body') },
  suppressedLaterReturn: async () => { using x = disposed('x'); return await failsLater('body') },
  suppressedLaterBlock: async () => { { using x = disposed('x'); await later(1); fails('body') } await later(2) },
  suppressedAwaited: async () => { await using x = disposedLater('x'); await later(1); fails('body') },
  suppressedAwaitedBlock: async () => { { await using x = disposedLater('x'); await later(1); fails('body') } await later(2) },
  suppressedAwaitedTwo: async () => { await using x = disposedLater('x'), y = disposedLater('y'); String(x) },
  suppressedAwaitedReturn: async () => { await using x = disposedLater('x'), y = disposedLater('y'); return String(x) },
  suppressedYielded: () => { function* f() { using x = disposed('x'); yield 1; fails('body') } [...f()] },
  suppressedYieldedLast: () => { function* f() { using x = disposed('x'); using y = disposed('y'); yield 1 } [...f()] },
  staticBlock: () => { class A { static { fails('static') } } },
  staticField: () => { class A { static a = fails('static') } },
  heritage: () => { class A extends fails('heritage') {} },
  superCall: () => { class A { constructor() { fails('base') } } class B extends A { constructor() { 1; super() } } new B },
  superArrow: () => { class A { constructor() { fails('base') } } class B extends A { constructor() { const f = () => super(); f() } } new B },
  implicitConstructor: () => { class A { constructor() { fails('base') } } class B extends A { } new B },
  fieldInitialiser: () => { class A { a = fails('field') } new A },
  fieldArrow: () => { class A { a = () => fails('field') } new A().a() },
  toPrimitive: () => `${{ toString() { fails('text') } }}`,
  instanceOf: () => 1 instanceof { [Symbol.hasInstance]() { fails('instance') } },
  iteratorNext: () => { for (const x of { [Symbol.iterator]() { return { next() { fails('next') } } } }) void x },
  destructured: () => { const [x] = { [Symbol.iterator]() { return { next() { fails('next') } } } }; return x },
  spreadCall: () => Math.max(...{ [Symbol.iterator]() { return { next() { fails('next') } } } }),
  optionalCall: () => kept?.list?.().missing.more,
  regular: () => 'a'.replace(/a/, () => fails('replacer')),
  undefinedVariable: () => missingVariable,
  undefinedVariableReturned: async () => missingVariable,
  undefinedInParentheses: () => (missingVariable),
  undefinedInSum: () => missingVariable + 1,
  undefinedInSums: () => ((missingVariable + 1) + 2),
  undefinedInSequence: () => (missingVariable, 1),
  undefinedAssigned: () => (missingVariable = 1),
  undefinedCalled: () => (missingVariable()),
  undefinedInMember: () => (missingVariable[0]),
  undefinedTag: () => (missingVariable`a`),
  undefinedChosen: async () => (missingVariable ? 1 : 2),
  classOfNone: () => { const none = 4; return (() => (class extends none {}))() },
  undefinedVariableAwaited: async () => await missingVariable,
  undefinedAwaitedFirst: async () => { await missingVariable },
  undefinedReturnedFirst: async () => { return missingVariable },
  undefinedReturnedAwaited: async () => { return await missingVariable },
  undefinedReturnedCall: async () => { return missingVariable(1) },
  undefinedReturnedMember: async () => { return missingVariable.a.b },
  undefinedReturnedMethod: async () => { return await missingVariable.a(1).b(2) },
  undefinedReturnedNew: async () => { return new missingVariable(1) },
  undefinedReturnedTag: async () => { return missingVariable`a` },
  undefinedReturnedSum: async () => { return missingVariable + 1 + 2 },
  undefinedReturnedEither: async () => { return missingVariable ?? 1 },
  undefinedReturnedChosen: async () => { return missingVariable ? 1 : 2 },
  undefinedReturnedSequence: async () => { return missingVariable, 1 },
  undefinedReturnedText: async () => { return `${missingVariable}` },
  undefinedReturnedNot: async () => { return !missingVariable },
  undefinedReturnedType: async () => { return typeof missingVariable.a },
  undefinedReturnedAssigned: async () => { return (missingVariable = 1) },
  undefinedReturnedAdded: async () => { return (missingVariable += 1) },
  undefinedReturnedCounted: async () => { return missingVariable++ },
  undefinedReturnedChain: async () => { return missingVariable?.a },
  undefinedReturnedOptional: async () => { return missingVariable?.(1) },
  undefinedReturnedImport: async () => { return import(missingVariable) },
  undefinedReturnedList: async () => { return [missingVariable] },
  undefinedReturnedObject: async () => { return { missingVariable } },
  undefinedReturnedIn: async () => { return missingVariable in {} },
  undefinedReturnedIndex: async () => { return missingVariable[0] },
  undefinedReturnedLater: async () => { return [1].map(() => missingVariable) },
  undefinedArrowSum: async () => missingVariable + 1,
  undefinedArrowCall: async () => missingVariable(1),
  undefinedArrowMember: async () => (missingVariable.a),
  undefinedArrowAwait: async () => (await missingVariable.a).b,
  undefinedAwaitedValue: async () => { const value = await missingVariable; return value },
  undefinedAwaitedValues: async () => { const one = 1, value = await missingVariable(1); return value },
  undefinedAwaitedCall: async () => { await missingVariable(1).b },
  undefinedAwaitedSum: async () => { await missingVariable + 1 },
  undefinedAwaitedIf: async () => { if (await missingVariable) return 1 },
  undefinedAwaitedWhile: async () => { while (await missingVariable.a) return 1 },
  undefinedAwaitedFor: async () => { for (await missingVariable; ;) return 1 },
  undefinedAwaitedForUntil: async () => { for (; await missingVariable;) return 1 },
  undefinedAwaitedOf: async () => { for (const x of await missingVariable) return x },
  undefinedAwaitedSwitch: async () => { switch (await missingVariable) { default: return 1 } },
  undefinedAwaitedThrow: async () => { throw await missingVariable },
  undefinedAwaitedTwice: async () => { await (await missingVariable) },
  undefinedAwaitedArgument: async () => { later(await missingVariable) },
  undefinedAwaitedAssigned: async () => { let value; value = await missingVariable; return value },
  undefinedAwaitedCatch: async () => { try { fails('x') } catch { await missingVariable } },
  undefinedAwaitedUsing: async () => { using x = await missingVariable; return x },
  undefinedLoop: async () => { for await (const x of missingVariable) return x },
  undefinedLoopMember: async () => { for await (const x of missingVariable.a()) return x },
  undefinedUsing: async () => { await using x = missingVariable; return x },
  undefinedYielded: () => { function* f() { yield missingVariable } [...f()] },
  undefinedYieldedCall: () => { function* f() { const x = yield missingVariable(1) } [...f()] },
  undefinedDelegated: () => { function* f() { yield* missingVariable } [...f()] },
  undefinedDelegatedCall: () => { function* f() { yield* missingVariable.a() } [...f()] },
  undefinedYieldedLater: async () => { async function* f() { yield missingVariable } for await (const x of f()) void x },
  undefinedDelegatedLater: async () => { async function* f() { yield* missingVariable() } for await (const x of f()) void x },
  returnedCatch: async () => { async function* f() { return later(1).catch(fails), failsLater('x').catch(async () => { throw new Error('caught') }) } for await (const x of f()) void x },
  returnedFinally: async () => { async function* f() { return (later(1).finally(() => failsLater('x'))) } for await (const x of f()) void x },
  undefinedReturnedLast: async () => { async function* f() { return missingVariable } for await (const x of f()) void x },
  notAwaitable: async () => { return (await kept?.list).missing.more },
  notYielded: () => { function* f() { delete (yield kept).a.b } const g = f(); g.next(); g.next({}) },
  deleteOfAwaited: async () => { delete (await null).a },
  deleteOfAwaitedFound: async () => { globalThis.found = null; try { delete (await found).a } finally { delete globalThis.found } },
  deadZone: () => { const f = () => x; f(); const x = 1 },
  constAssign: () => { const x = 1; x = 2 },
  constAssignReturned: async () => { const x = 1; return x = 2 },
  classOfNoneLater: async () => { const none = 4; return await (async () => (class extends none {}))() },
  classOfNoneSuper: async () => { const none = 4; return await (async (p = 1) => (class A extends none { constructor() { (() => super(2))() } }))() },
  classOfNoneField: () => { const none = 4; return (() => (class A extends none { x = fails('x'); #y = 1 }))() },
  classOfNoneStatic: () => { const none = 4; return (() => (class A extends none { static x = fails('x') }))() },
  classOfNoneComputed: () => { const none = 4; return (() => class A extends none { [String('x')]() {} })() },
  classOfNoneMember: () => { const none = { of: 4 }; return (() => class A extends none.of { [String('x')]() {} })() },
  classOfNoneStatement: () => { const none = 4; return (() => { class A extends none {} })() },
  classOfNoneDirective: () => { const none = 4; return (() => { 'use strict'; class A extends none {} })() },
  classOfNoneDirectives: () => { const none = 4; return (() => { 'use strict'; 'other'; function f() {} class A extends none { x = f() } })() },
  classOfNoneDirectiveYielded: () => { function* f() { 'use strict'; async function none() {} class A extends none { x = 1 } } [...f()] },
  classOfNoneDirectiveLater: async () => { 'use strict'; const none = 4; class A extends none { x = 1 } },
  classOfArguments: () => { return (async (p = 1) => (class A extends fails { constructor() { super() } }))().constructor('a').b.c },
  classOfAsync: async () => { async function none() {}; return await (async (p = 1) => (class A extends none { field = 1; constructor() { (() => super(2))() } }))() },
  notDerived: () => { class A extends Box { constructor() { this.x = 1 } } new A },
  notDerivedReturn: () => { class A extends Box { constructor() { return 1 } } new A },
  notDerivedEnd: () => { class A extends Box { constructor() { void 0 } } new A },
  notDerivedEmpty: () => { class A extends Box { constructor() {} } new A },
  notDerivedNothing: () => { class A extends Box { constructor() { ; } } new A },
  notDerivedCall: () => { class A extends Box { constructor() { String(1) } } new A },
  notDerivedMember: () => { class A extends Box { constructor() { kept?.list; kept + 2 } } new A },
  notDerivedValue: () => { class A extends Box { constructor() { const x = 1 } } new A },
  notDerivedValueCall: () => { class A extends Box { constructor() { let x = String(1), y } } new A },
  notDerivedFunction: () => { class A extends Box { constructor() { String(1); function x() {} } } new A },
  notDerivedIf: () => { class A extends Box { constructor(x) { if (x) super(x) } } new A },
  notDerivedIfElse: () => { class A extends Box { constructor(x) { if (x) super(x); else String(x) } } new A },
  notDerivedIfBlock: () => { class A extends Box { constructor(x) { if (x) { super(x); String(1) } } } new A },
  notDerivedBlock: () => { class A extends Box { constructor(x) { { String(1) } } } new A },
  notDerivedTry: () => { class A extends Box { constructor(x) { try { fails(1) } catch { String(2) } } } new A },
  notDerivedTryFinally: () => { class A extends Box { constructor(x) { try { String(1) } finally { String(2) } } } new A },
  notDerivedLoop: () => { class A extends Box { constructor(x) { for (let i = 0; i < 1; i++) String(i) } } new A },
  notDerivedOf: () => { class A extends Box { constructor(x) { for (const x of [1]) String(x) } } new A },
  notDerivedWhile: () => { class A extends Box { constructor(x) { while (x) super() } } new A },
  notDerivedArrow: () => { class A extends Box { constructor(x) { const f = () => super(); if (x) f() } } new A },
  notDerivedReturns: () => { class A extends Box { constructor(x) { if (!x) return; super() } } new A },
  notDerivedReturnsLast: () => { class A extends Box { constructor(x) { if (x) super(); return } } new A },
  notDerivedSwitch: () => { class A extends Box { constructor(x) { switch (x) { case 1: super(); break; default: String(1) } } } new A },
  notDerivedThrow: () => { class A extends Box { constructor(x) { if (x) throw x } } new A },
  notDerivedParameter: () => { class A extends Box { constructor(x = 1) { } } new A },
  notDerivedTwice: () => { class A extends Box { constructor(x) { super(x); super(x) } } new A },
  classCall: () => { class A {} A() },
  bigMix: () => 1n + 1,
  bigMixReturned: async () => 1n + 1,
  inOperator: async () => 'a' in 'b',
  memberOfNull: async () => null.a,
  memberOfNullDeep: async () => ({}).a.b,
  memberOfNullCall: async () => ({}).a.b(),
  memberOfNullAwait: async () => await ({}).a.b,
  deleteNullAwaited: async () => { const x = null; await delete x.a },
  deleteNullNot: async () => { const x = null; return !delete x.a },
  deleteNullBoth: async () => { const x = null; return delete x.a && 1 },
  deleteFrozen: async () => { const x = Object.freeze({ a: 1 }); return delete x.a },
  deleteNull: async () => { const x = null; return delete x.a },
  symbolText: async () => `${Symbol()}`,
  badLength: async () => new Array(-1),
  badRepeat: async () => ''.repeat(-1),
  destructuredNull: async () => { const { a } = null; return a },
  destructuredParameter: async () => (async ({ a }) => a)(null),
  destructuredParameterSync: () => (({ a }) => a)(null),
  caughtAgain: () => { try { fails('x') } catch (e) { throw e } },
  finallyThrows: () => { try { return 1 } finally { fails('x') } },
  jsonParse: async () => JSON.parse('{'),
  jsonParseReviver: async () => JSON.parse('[1]', () => fails('reviver')),
  captured: () => { const o = {}; Error.captureStackTrace(o); throw o },
  capturedFrom: () => { const f = () => { const o = {}; Error.captureStackTrace(o, f); throw o }; f() },
}
Object.assign(ways, more)
const disposed = text => ({ [Symbol.dispose]() { fails(text) } })
const disposedLater = text => ({ async [Symbol.asyncDispose]() { await later(1); fails(text) } })
async function attempt(name) {
  try {
    return await ways[name](name)
  } catch (error) {
    return error
  }
}
export async function main() {
  const stacks = {}
  for (const name of Object.keys(ways)) {
    const error = await attempt(name)
    stacks[name] = (error.errors?.[0] ?? error).stack
    if (error.cause) stacks[`${name}, cause`] = error.cause.stack
  }
  return stacks
}
