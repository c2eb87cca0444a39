import { expect, test } from 'vitest'
import { instrument } from '../../transformer/instrument.ts'
import { planFile } from '../../transformer/planner.ts'
import { annotatedText, planText } from './plans.ts'

test('without include only annotations select: tags on whatever is a function', () => {
  const text = annotatedText(`import { x } from 'y'
/** @span */
export async function declared() {}
/** Documentation.
 * @span with a name
 * @returns nothing */
export const arrow = () => 1, second = function () {}
/** @span */
const wrapped = (async () => {}) as Run
const object = {
  /** @span */
  method() {},
  /** @span */
  property: () => 1,
  other() {},
}
class Cart {
  /** @span */
  field = () => 1
  /** @span */
  private async *add() {}
  @Get() /** @span */ async route() {}
  /** @span */
  @Get()
  other() {}
  untouched() {}
}
/** @span */
exports.run = function () {}
call(/** @span inline */ () => 1)
/** @span */
class All { one() { f() } get two() { return this.x } constructor() {} }
/** @span */
export default () => 1
`)
  expect(text).toMatchInlineSnapshot(`
    "3:23 declared (async function)
    7:22 with a name (sync arrow)
    7:40 with a name (sync function)
    9:18 wrapped (async arrow)
    12:3 object.method (sync method)
    14:13 object.property (sync arrow)
    19:11 Cart.field (sync arrow)
    21:18 Cart.add (async-generator method)
    22:29 Cart.route (async method)
    25:3 Cart.other (sync method)
    29:15 exports.run (sync function)
    30:26 inline (sync arrow)
    32:13 All.one (sync method)
    34:16 default (sync arrow)
    32:31 All.get two: skipped, trivial: a getter that returns a field
    32:55 new All: skipped, trivial: no call, loop, await, yield or throw in its body"
  `)
})

test('decorators select and are removed, unless they cannot be read', () => {
  const code = `import { span as trace, noSpan } from 'span-tree'
import * as st from 'span-tree/decorators'
class Cart {
  @trace add() { f() }
  @trace('explicit') static #remove() {}
  @trace({ name: 'named', level: 'debug', kind: 'server', minDuration: 5 }) get total() { return 1 }
  @st.span() handler = async () => {}
  @trace(options) unreadable() {}
  @trace({ level: 'loud' }) unknown() {}
  @other @trace
  both() {}
  @trace made = make()
  @trace accessor count = 1
}
@trace export class All { run() { f() } @noSpan quiet() { f() } trivial() {} }
@trace(options) class Later { run() { f() } }
@noSpan class Never { run() { f() } }
`
  expect(annotatedText(code)).toMatchInlineSnapshot(`
    "4:10 Cart.add (sync method)
    5:29 explicit (sync method)
    6:81 named (sync getter) debug server 5 ms
    7:24 Cart.handler (async arrow)
    11:3 Cart.both (sync method)
    15:27 All.run (sync method)
    8:19 Cart.unreadable: refused, the arguments of its decorator are not literals: the decorator wraps it at run time
    9:29 Cart.unknown: refused, the arguments of its decorator have an unknown option or value: level: the decorator wraps it at run time
    12:10 Cart.made: refused, its value is no function literal: its decorator wraps what it is at run time
    13:19 Cart.count: refused, its value is no function literal: its decorator wraps what it is at run time
    16:23 Later: refused, the arguments of its decorator are not literals: the decorator wraps its methods at run time
    15:65 All.trivial: skipped, trivial: no call, loop, await, yield or throw in its body"
  `)
  const removed = planFile(code, { filename: 'a.ts' }).decorators.map(({ start, end }) => code.slice(start, end))
  expect(removed).toMatchInlineSnapshot(`
    [
      "@trace",
      "@trace('explicit')",
      "@trace({ name: 'named', level: 'debug', kind: 'server', minDuration: 5 })",
      "@st.span()",
      "@trace",
      "@trace",
      "@noSpan",
      "@noSpan",
    ]
  `)
})

test('a removed decorator leaves its line breaks, and does not join the members around it', () => {
  const code = `import { span } from 'span-tree'
class A {
  x = 1
  @span({
    name: 'items' })
  *items() {}
}
`
  const { code: result } = instrument(code, { filename: 'a.ts', root: '/' })
  expect(result.split('\n').slice(2, 5)).toEqual(['  x = 1', '  ;', ''])
  expect(result.split('\n')).toHaveLength(code.split('\n').length)
})

test('@noSpan wins over everything', () => {
  const text = planText(`import { span } from 'span-tree'
/** @noSpan */
function quiet() { f() }
/** @noSpan */
class Quiet { run() { f() } @span loud() { f() } field = () => f() }
/**
 * @noSpan
 * @span
 */
function both() { f() }
function traced() { f() }
`)
  expect(text).toMatchInlineSnapshot(`
    "11:10 traced (sync function)
    src/shop.ts:5:29 - warning SPT1002: @span has no effect here: @noSpan on the function or its class wins
    src/shop.ts:8:4 - warning SPT1002: @span has no effect here: @noSpan on the function or its class wins"
  `)
})

test('globs skip what is trivial; annotations on the function do not', () => {
  const text = planText(
    `class A {
  #x = 1
  get x() { return this.#x }
  set x(value) { this.#x = value }
  constructor(x) { this.#x = x }
  /** @span */
  wanted() {}
  loops() { while (this.#x-- > 0); }
  throws() { throw this }
  tagged() { return html\`\` }
}
`,
  )
  expect(text).toMatchInlineSnapshot(`
    "7:3 A.wanted (sync method)
    8:3 A.loops (sync method)
    9:3 A.throws (sync method)
    10:3 A.tagged (sync method)
    3:7 A.get x: skipped, trivial: a getter that returns a field
    4:7 A.set x: skipped, trivial: no call, loop, await, yield or throw in its body
    5:3 new A: skipped, trivial: no call, loop, await, yield or throw in its body"
  `)
})

test('name patterns narrow down what globs select', () => {
  const code = `class OrderService { checkout() { const validate = () => f(); validate() } toJSON() { f() } #hidden() { f() } }
class Cart { add() { f() } }
/** @span */ function always() { f() }
`
  const names = (...functions: string[]): string[] =>
    planFile(code, { filename: 'a.ts', root: '/', include: ['**'], functions }).functions.map(one => one.site.name)
  expect(names('OrderService.*')).toEqual([
    'OrderService.checkout',
    'OrderService.toJSON',
    'OrderService.#hidden',
    'always',
  ])
  expect(names('!**')).toEqual(['always'])
  expect(names('!*.toJSON')).toEqual([
    'OrderService.checkout',
    'OrderService.checkout › validate',
    'OrderService.#hidden',
    'Cart.add',
    'always',
  ])
  expect(names('OrderService.checkout › *')).toEqual(['OrderService.checkout › validate', 'always'])
  expect(names('{Cart,OrderService}.{add,checkout}')).toEqual(['OrderService.checkout', 'Cart.add', 'always'])
})

test('options of the file, the class and the function: the nearer wins', () => {
  const text = planText(
    `import { span } from 'span-tree'
@span({ level: 'warning', kind: 'client' }) class A { one() { f() } @span({ level: 'error' }) two() { f() } }
function three() { f() }
`,
    { level: 'debug', minDuration: 2 },
  )
  expect(text).toMatchInlineSnapshot(`
    "2:55 A.one (sync method) warning client 2 ms
    2:95 A.two (sync method) error client 2 ms
    3:10 three (sync function) debug 2 ms"
  `)
})

test('annotations without effect are warned of', () => {
  const text = annotatedText(`import { span } from 'span-tree'
/** @span */
const value = 1
/** @span */
function overloaded(a: string): void
function overloaded(a: unknown): void {}
abstract class A {
  /** @span */
  abstract run(): void
  /** @span */
  optional?(): void
  @span count = 1
  @span method(a: string): void
  method(a: unknown) {}
  take(@span parameter: string) {}
}
/** @span */
declare function ambient(): void
/** @span */
interface Shape {}
// @span
function plain() {}
/* @noSpan */
function block() {}
@span class Empty {}
/**
 * How to:
 * \`\`\`
 * @span
 * \`\`\`
 * and mail@span.example
 */
const example = 1
/** @span */
`)
  expect(text).toMatchInlineSnapshot(`
    "src/shop.ts:2:5 - warning SPT1002: @span has no effect here: what follows is no function and no class
    src/shop.ts:4:5 - warning SPT1002: @span has no effect here: an overload signature has no body: annotate the implementation
    src/shop.ts:8:7 - warning SPT1002: @span has no effect here: an abstract member has no body: annotate its implementations
    src/shop.ts:10:7 - warning SPT1002: @span has no effect here: an overload signature has no body: annotate the implementation
    src/shop.ts:12:3 - warning SPT1002: @span has no effect here: what follows is no function
    src/shop.ts:13:3 - warning SPT1002: @span has no effect here: an overload signature has no body: annotate the implementation
    src/shop.ts:15:8 - warning SPT1002: @span has no effect here: what follows is no function
    src/shop.ts:17:5 - warning SPT1002: @span has no effect here: a declaration has no body
    src/shop.ts:19:5 - warning SPT1002: @span has no effect here: what follows is no function and no class
    src/shop.ts:21:1 - warning SPT1003: @span has no effect in a plain comment: write /** @span */
    src/shop.ts:23:1 - warning SPT1003: @noSpan has no effect in a plain comment: write /** @noSpan */
    src/shop.ts:25:1 - warning SPT1002: @span has no effect here: class Empty has no method with a body
    src/shop.ts:34:5 - warning SPT1002: @span has no effect here: what follows is no function and no class"
  `)
})

test('annotations in installed packages are not for this program', () => {
  const code = '/** @span */ export function f() { g() }\n'
  expect(annotatedText(code, { filename: '/app/node_modules/x/a.js' })).toBe('')
  expect(annotatedText(code, { filename: '/app/node_modules/x/a.js', root: '/app/node_modules/x' })).not.toBe('')
  expect(planText(code, { filename: '/app/node_modules/x/a.js', include: ['node_modules/x/**'] })).not.toBe('')
})
