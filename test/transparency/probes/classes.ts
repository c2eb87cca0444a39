import { decorated, type Probe, probe } from './probe.ts'

/** Constructors and members. */
export const classes: readonly Probe[] = [
  probe(
    '`super`: properties, methods, in object literals',
    `
class Animal { get legs() { return this.count } speak(x) { return 'animal ' + x } static make() { return this.name } }
class Dog extends Animal {
  count = 4
  speak(x) { return 'dog, ' + super.speak(x) }
  get legs() { return super.legs * 2 }
  static make() { return 'made ' + super.make() }
}
const base = { hello() { return 'base' } }
const object = { __proto__: base, hello() { return 'own, ' + super.hello() } }
log('method', new Dog().speak(1))
log('getter', new Dog().legs)
log('static', Dog.make())
log('object', object.hello())
`,
  ),
  probe(
    '`super` inside a nested arrow, an async method and a generator',
    `
class A { v(x) { return x + 1 } }
class B extends A {
  arrow() { return [1, 2].map(x => super.v(x)) }
  async later() { await null; return super.v(5) }
  *steps() { yield super.v(7) }
}
const b = new B()
log('arrow', b.arrow())
log('generator', [...b.steps()])
b.later().then(v => log('async', v))
`,
  ),
  probe(
    'getters and setters',
    `
class Box {
  #value = 1
  get value() { return log('get', this.#value) }
  set value(next) { log('set', next); this.#value = next }
  static get kind() { return log('static', 'box') }
}
const object = { get lazy() { Object.defineProperty(this, 'lazy', { value: 'kept' }); return log('lazy', 'made') } }
const box = new Box()
box.value = 2
log('value', box.value)
log('kind', Box.kind)
log('lazy', [object.lazy, object.lazy])
log('descriptor', Object.keys(Object.getOwnPropertyDescriptor(Box.prototype, 'value')))
`,
  ),
  probe(
    'derived constructors: what runs before and after `super()`',
    `
class Base { constructor(x) { this.x = log('base', x) } }
class Derived extends Base {
  field = log('field', this.x)
  constructor(x) { log('before', x); super(x + 1); log('after', this.field) }
}
log('object', new Derived(1))
class Early extends Base { constructor() { try { this.x = 1 } catch (e) { log('too early', e.name) } super(2) } }
log('early', new Early().x)
class Never extends Base { constructor() { if (log('never', 0)) super() } }
try { new Never() } catch (e) { log('no super', e.name) }
`,
  ),
  probe(
    'constructors that return an object',
    `
const other = { other: true }
class Base { constructor() { log('base', 1); return other } }
class Derived extends Base { mark = 1; constructor() { const made = super(); log('this', this === other) } }
class Replaced extends Base { constructor() { super(); return { replaced: log('replaced', true) } } }
class Primitive extends Base { constructor() { super(); return undefined } }
log('base', new Base() === other)
log('derived', new Derived() === other)
log('replaced', new Replaced().replaced)
log('undefined', new Primitive() === other)
class Wrong extends Base { constructor() { super(); return 1 } }
try { new Wrong() } catch (e) { log('a number', e.name) }
`,
  ),
  probe(
    'constructors: not to be called, called by `Reflect.construct`, subclassed built-ins',
    `
class A { constructor() { log('made', new.target.name) } }
try { A() } catch (e) { log('called', e.name) }
log('reflected', Reflect.construct(A, [], class B {}) instanceof A)
class List extends Array { constructor(...items) { super(...items); log('length', this.length) } double() { return this.map(x => x * 2) } }
log('species', new List(1, 2, 3).double() instanceof List)
class Failure extends Error { constructor(m) { super(m); this.name = 'Failure' } }
log('error', String(new Failure('x')))
`,
  ),
  probe(
    'private names',
    `
class Secret {
  #field = 1
  #method(x) { return this.#field + log('method', x) }
  static #count = 0
  static next() { return ++Secret.#count }
  run(other) { return [this.#method(2), #field in other, Secret.next()] }
  steal(other) { return other.#method(1) }
}
log('run', new Secret().run({}))
try { new Secret().steal({}) } catch (e) { log('not one', e.name) }
`,
  ),
  probe(
    'static blocks and fields: order and `this`',
    `
class Ordered {
  static a = log('a', this.name)
  static { log('block', this.b); this.c = (() => log('arrow', this.name))() }
  static b = log('b', Ordered.a)
  static { const read = () => super.toString === Function.prototype.toString; log('super', read()) }
  [log('key', 'computed')] = log('instance', 'field')
}
log('made', new Ordered())
`,
  ),
  probe(
    'fields with arrows and functions',
    `
class Button {
  label = 'ok'
  click = () => this.label
  plain = function () { return this === undefined }
  later = async () => { await null; return this.label }
}
const { click, plain, later } = new Button()
log('arrow', click())
log('function', plain())
log('names', [click.name, plain.name, later.name].join())
later().then(v => log('async', v))
`,
  ),
  decorated(
    'decorators: order of evaluation and application, `context`, initialisers',
    `
const note = name => { log('evaluate', name); return (value, context) => {
  log('apply', [name, context.kind, context.name])
  context.addInitializer(function () { log('initialise', [name, typeof this]) })
  if (context.kind === 'method') { const inner = value; known.add(inner); return inner }
} }
const known = new Set()
@note('class') class Service {
  @note('outer') @note('inner') find(id) { return known.has(this.find) && log('id', id) }
  @note('field') size = log('size', 1)
  @note('static') static make() { return new Service() }
}
log('find', Service.make().find(1))
log('names', [Service.name, Service.prototype.find.name, Service.make.length])
`,
  ),
]
