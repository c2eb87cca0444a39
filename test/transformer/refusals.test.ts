import { expect, test } from 'vitest'
import { planText } from './plans.ts'

const sloppy = { filename: '/app/src/shop.cjs', format: 'commonjs', skipTrivial: false } as const

test('what may not stand in a block is refused, alone', () => {
  const text = planText(
    `function twice() { function a() {} function a() {} }
function variable() { if (x) { var a } function a() {} }
function parameter(a) { function a() {} }
function argument() { function arguments() {} }
function inner() { function a() {} if (x) { function a() {} } }
function evaluated() { function a() {} eval('var a') }
function strict(a) { 'use strict'; function a() {} }
function fine() { function a() {} var b }
`,
    { ...sloppy, functions: ['!* › *'] },
  )
  expect(text).toMatchInlineSnapshot(`
    "7:10 strict (sync function)
    8:10 fine (sync function)
    1:10 twice: refused, function a is declared twice in its body, which no block allows
    2:10 variable: refused, var a stands beside function a, which no block allows
    3:10 parameter: refused, function a replaces the parameter of that name, which it would not in a block
    4:10 argument: refused, function arguments replaces the parameter of that name, which it would not in a block
    5:10 inner: refused, a block declares function a again, which in sloppy code replaces the outer one
    6:10 evaluated: refused, eval in sloppy code may declare variables beside its functions, which no block allows"
  `)
})

test('what runs elsewhere is refused, with all that is in it', () => {
  const text = planText(
    `function pages(x) { return x.map(y => y) }
page.evaluate(pages)
page.$$eval('a', links => links.map(a => a.href))
chrome.scripting.executeScript({ target, func: () => document.title })
const worker = () => f()
pool.exec(a => f(a), [1])
;/x/.exec(f(() => g()))
await browser.execute(() => f())
childProcess.exec('ls', () => f())
new Blob([\`(\${worker})()\`])
const source = () => f(), other = () => f()
const text = source.toString() + String(other)
const added = '(' + (() => f()) + ')'
function worklet() { 'worklet'; f(() => f()) }
function asm() { 'use asm'; f() }
async function action() { 'use server'; await f() }
const name = () => f()
function shadowed(name) { return \`\${name}\` }
Object.prototype.toString.call(name)
`,
  )
  expect(text).toMatchInlineSnapshot(
    `
    "7:13 <anonymous @ f> (sync arrow)
    9:25 <anonymous @ exec> (sync arrow)
    16:16 action (async function)
    17:14 name (sync arrow)
    1:10 pages: refused, evaluate() runs its source elsewhere
    3:18 <anonymous @ $$eval>: refused, $$eval() runs its source elsewhere
    5:16 worker: refused, its source is put into a template
    6:11 <anonymous @ exec>: refused, exec() runs its source elsewhere
    8:23 <anonymous @ execute>: refused, execute() runs its source elsewhere
    11:16 source: refused, its source is taken by toString()
    11:35 other: refused, its source is taken by String()
    13:22 <anonymous>: refused, its source is taken by +
    14:10 worklet: refused, 'worklet': its source runs in another runtime
    14:35 worklet › <anonymous @ f>: refused, 'worklet': its source runs in another runtime
    15:10 asm: refused, 'use asm': asm.js must stay as it is
    1:34 pages › <anonymous @ map>: skipped, trivial: no call, loop, await, yield or throw in its body
    3:37 <anonymous @ $$eval> › <anonymous @ map>: skipped, trivial: no call, loop, await, yield or throw in its body
    4:48 func: skipped, trivial: no call, loop, await, yield or throw in its body
    18:10 shadowed: skipped, trivial: no call, loop, await, yield or throw in its body"
  `,
  )
})

test('code that would run before its span can be resumed is refused', () => {
  const text = planText(
    `async function caught() { try { await f() } catch ({ message = g() }) {} }
async function caughtPlain() { try { f() } catch ({ message = g() }) { await 1 } }
async function bound() { for await (const { a = g() } of list) f() }
async function assigned() { for await (this.a of list) f() }
async function disposed() { for (await using a of list) f() }
async function disposedSync() { for (using a of list) await a }
function usesSync() { for (using a of list) f(a) }
`,
  )
  expect(text).toMatchInlineSnapshot(`
    "2:16 caughtPlain (async function)
    7:10 usesSync (sync function)
    1:16 caught: refused, a catch parameter runs code before its span can be resumed
    3:16 bound: refused, the head of a for await runs code before its span can be resumed
    4:16 assigned: refused, the head of a for await runs code before its span can be resumed
    5:16 disposed: refused, await using in the head of a loop
    6:16 disposedSync: refused, using in the head of a loop that suspends"
  `)
})

test('a pragma turns a file off', () => {
  expect(planText('/* span-tree: off */\nfunction f() { g() }\n')).toBe('')
  expect(planText('// span-tree: off\n/** @span */ function f() { g() }\n')).toBe('')
  expect(planText('// span-tree: offline\nfunction f() { g() }\n')).toBe('2:10 f (sync function)')
})
