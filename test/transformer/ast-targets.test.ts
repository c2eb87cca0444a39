import ts from 'typescript'
import { afterEach, expect, test } from 'vitest'
import type { Span } from '../../model/index.ts'
import { flush, getRecorder } from '../../runtime/index.ts'
import { compile, compilePlain, run } from './ast-compile.ts'

const SOURCE = `
class Resource {
  constructor(private readonly name: string, private readonly log: string[]) {}
  [Symbol.dispose]() { this.log.push('dispose ' + this.name) }
  async [Symbol.asyncDispose]() { await null; this.log.push('async dispose ' + this.name) }
}
class Base {
  readonly log: string[] = []
  constructor(first: string) { this.log.push(first) }
  async load(n: number) { await null; return n * 2 }
}
class Derived extends Base {
  label = this.log.push('field')
  static #made = 0
  constructor(readonly extra: string, fail = false) {
    super('super ' + extra)
    if (fail) throw new Error('constructor')
    this.log.push(this.extra, String(Derived.#made++))
  }
  async load(n: number) { return (await super.load(n)) + arguments.length }
  get size() { return this.log.map(String).length }
  set size(n: number) { this.log.length = n }
  *[Symbol.iterator]() { for (const each of this.log) { const sent: string = yield each; if (sent) this.log.push(sent) } }
}
enum Colour { Red = pick(1), Blue }
function pick(n: number) { return Math.abs(n) }
namespace Tools {
  export const twice = (n: number) => pick(n) * 2
  export function thrice(n: number) { return twice(n) + pick(n) }
}
async function* ticker(n: number) {
  try { for (let i = 0; i < n; i++) { await null; yield i; yield* [i * 10] } return 'over' } finally { await null }
}
async function dispose(log: string[]) {
  using a = new Resource('a', log)
  { await using b = new Resource('b', log), c = new Resource('c', log); log.push('block') }
  await null
  log.push('after')
}
const nested = async (x: number) => await Promise.all([1, 2].map(async y => { await null; return pick(x + y) }))
export async function main() {
  const log: unknown[] = []
  const derived = new Derived('d')
  try { new Derived('e', true) } catch (error) { log.push((error as Error).message) }
  log.push(await derived.load(4), derived.size, [...derived].join(), Colour[2], Tools.thrice(2))
  outer: for await (const each of ticker(3)) { if (each === 1) continue outer; log.push(each) }
  const disposed: string[] = []
  await dispose(disposed)
  log.push(...disposed, (await nested(1)).join())
  const rejected = (async () => { throw new TypeError('rejected') })()
  await rejected.catch(error => log.push(error.message))
  return log.join(' | ')
}
`

const text = (span: Span, indent = ''): string =>
  [
    `${indent}${span.name}${span.status === 'failed' ? ' failed' : ''}`,
    ...span.children.map(child => text(child, `${indent}  `)),
  ].join('\n')

async function trace(code: string): Promise<{ value: unknown; trees: string }> {
  getRecorder().clear()
  const value = await (run(code)['main'] as () => Promise<unknown>)()
  await flush()
  return {
    value,
    trees: getRecorder()
      .trees.map(tree => text(tree.root))
      .join('\n'),
  }
}

afterEach(() => getRecorder().clear())

const newest = trace(compile(SOURCE).code)

test('the newest target', async () => {
  const { value, trees } = await newest
  expect(value).toMatchInlineSnapshot(
    `"constructor | 9 | 4 | super d,field,d,0 |  | 6 | 0 | 0 | 10 | 2 | 20 | block | async dispose c | async dispose b | after | dispose a | 2,3 | rejected"`,
  )
  expect(trees).toMatchInlineSnapshot(`
    "pick
    main
      new Derived
        new Base
      new Derived failed
        new Base
      Derived.load
        Base.load
      Derived.get size
      Derived.[Symbol.iterator]
      Tools.thrice
        Tools.twice
          pick
        pick
      ticker
      dispose
        new Resource
        new Resource
        new Resource
        Resource.[Symbol.asyncDispose]
        Resource.[Symbol.asyncDispose]
        Resource.[Symbol.dispose]
      nested
        nested › <anonymous @ map>
          pick
        nested › <anonymous @ map>
          pick
      main › <iife> failed
      main › <anonymous @ catch>"
  `)
})

const { ES5, ES2015, ES2016, ES2017, ES2018, ES2020, ES2021, ES2025 } = ts.ScriptTarget

test.each([
  { target: ES5, downlevelIteration: true },
  { target: ES2015 },
  { target: ES2016 },
  { target: ES2017 },
  { target: ES2018 },
  { target: ES2020, useDefineForClassFields: true },
  { target: ES2021 },
  { target: ES2025 },
  { removeComments: true },
  { experimentalDecorators: true, useDefineForClassFields: false },
])('the same values and trees under %o', async options => {
  expect(await trace(compile(SOURCE, options).code)).toEqual(await newest)
  expect(await (run(compilePlain(SOURCE, options))['main'] as () => Promise<unknown>)()).toBe((await newest).value)
})
