import { expect, test } from 'vitest'
import { planFile } from '../../transformer/planner.ts'
import { planText } from './plans.ts'

const everything = { skipTrivial: false }

test('functions are named as a person would say it, with the position of their name or first token', () => {
  const text = planText(
    `export default function () {}
export async function checkout(order: string) {
  const validate = (x: string) => x
  items.map(item => item)
  return (function () {})()
}
class OrderService {
  static make() {}
  #charge() {}
  get total() { return 1 }
  set total(value) {}
  constructor() {}
  public async *pages() {}
  handler = async () => {}
  ['computed' + 1]() {}
}
const handlers = { create() {}, nested: { deep: () => 1 }, get size() { return 1 } }
exports.run = function () {}
Foo.prototype.bar = function baz() {}
const named = function own() {}
namespace Shop { export function sell() {} }
new Promise(resolve => resolve(1))
list.forEach(function each() {})
const { fallback = () => 1 } = options
`,
    everything,
  )
  expect(text).toMatchInlineSnapshot(`
    "1:16 default (sync function)
    2:23 checkout (async function)
    3:20 checkout › validate (sync arrow)
    4:13 checkout › <anonymous @ map> (sync arrow)
    5:11 checkout › <iife> (sync function)
    8:10 OrderService.make (sync method)
    9:3 OrderService.#charge (sync method)
    10:7 OrderService.get total (sync getter)
    11:7 OrderService.set total (sync setter)
    12:3 new OrderService (sync constructor)
    13:17 OrderService.pages (async-generator method)
    14:13 OrderService.handler (async arrow)
    15:4 OrderService.['computed' + 1] (sync method)
    17:20 handlers.create (sync method)
    17:49 handlers.nested.deep (sync arrow)
    17:64 handlers.get size (sync getter)
    18:15 exports.run (sync function)
    19:30 Foo.prototype.bar (sync function)
    20:24 named (sync function)
    21:34 Shop.sell (sync function)
    22:13 <anonymous @ Promise> (sync arrow)
    23:23 each (sync function)
    24:20 fallback (sync arrow)"
  `)
})

test('a class that TypeScript has given an alias keeps its name', () => {
  const text = planText('let Mail = Mail_1 = class Mail { send() {} }', everything)
  expect(text).toBe('1:34 Mail.send (sync method)')
})

test('what a module exports by default has the name that it was given', () => {
  const names = [
    'export default async function resize() {}',
    'export default class Till { pay() {} }',
    'export default { run() {} }',
    '/** @span */ export default function marked() {}',
  ].map(text => planText(text, everything))
  expect(names.join('\n')).toMatchInlineSnapshot(`
    "1:31 resize (async function)
    1:29 Till.pay (sync method)
    1:18 default.run (sync method)
    1:38 marked (sync function)"
  `)
})

test('classes are named by what they are assigned to, and by what they are in', () => {
  const text = planText(
    `const Cart = class { add() {} }
export default class { run() {} constructor() {} }
function make() { return class extends Base { mixed() {} constructor() { super() } } }
class Outer { static Inner = class { run() {} }; list = [1].map(x => x) }
`,
    everything,
  )
  expect(text).toMatchInlineSnapshot(`
    "1:22 Cart.add (sync method)
    2:24 default.run (sync method)
    2:33 new default (sync constructor)
    3:10 make (sync function)
    3:47 make › <class>.mixed (sync method)
    3:58 make › new <class> (sync constructor)
    4:38 Outer.Inner.run (sync method)
    4:65 Outer › <anonymous @ map> (sync arrow)"
  `)
})

test('later functions of one name have an ordinal in their id, whatever is selected', () => {
  const code = 'class A { m() {} }\nlist.map(x => x)\nlist.map(x => f(x))\n'
  const ids = (options: object): string[] =>
    planFile(code, { filename: 'a.ts', root: '/', include: ['**'], ...options }).functions.map(one => one.site.id)
  expect(ids(everything)).toEqual(['a.ts#A.m', 'a.ts#<anonymous @ map>', 'a.ts#<anonymous @ map>~2'])
  expect(ids({})).toEqual(['a.ts#<anonymous @ map>~2'])
})

test('explicit names win, also as part of the names of what is inside', () => {
  const text = planText(
    `/** @span charge the card */
function charge() { const inner = () => f() }
/** @span Orders */
class OrderService { save() { f() } constructor() { f() } }
`,
  )
  expect(text).toMatchInlineSnapshot(`
    "2:10 charge the card (sync function)
    2:35 charge the card › inner (sync arrow)
    4:22 Orders.save (sync method)
    4:37 new Orders (sync constructor)"
  `)
})

test('parameters are the names that are bound, in order', () => {
  const code = 'function f(this: X, a: number, { b, c: [d = 1], ...e }: Y, [g]: Z = h(), ...rest: string[]) { f() }'
  const parameters = (captureArguments?: boolean): readonly string[] | undefined =>
    planFile(code, {
      filename: 'a.ts',
      root: '/',
      include: ['**'],
      ...(captureArguments === undefined ? {} : { captureArguments }),
    }).functions[0]?.site.parameters
  expect(parameters()).toEqual(['a', 'b', 'd', 'e', 'g', 'rest'])
  expect(parameters(false)).toEqual([])
})
