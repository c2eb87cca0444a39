import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { instrument } from '../../transformer/instrument.ts'
import { exported, loadPlain, recorder, renderTree, runtime, until, urlOf } from '../runtime/program.ts'

type Kind = 'standard' | 'legacy'
const KINDS: readonly Kind[] = ['standard', 'legacy']

/** Compiles TypeScript and loads it. */
function load<T>(source: string, kind: Kind): Promise<T> {
  const legacy = kind === 'legacy' ? { experimentalDecorators: true, emitDecoratorMetadata: true } : {}
  const target = ts.ScriptTarget.ES2022
  const compilerOptions = { target, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true, ...legacy }
  return loadPlain<T>(
    ts.transpileModule(source, { fileName: 'members.ts', compilerOptions }).outputText.replaceAll('"', "'"),
  )
}

/** As the transformer leaves it: with what it has not taken in hand still decorated. */
function transformed(source: string): string {
  const { code } = instrument(source, {
    filename: 'members.ts',
    root: '/',
    format: 'module',
    abi: urlOf('runtime/abi.ts'),
  })
  return code
}

/** What `main` returns, and the tree of what it called below one span. */
async function run(
  source: string,
  kind: Kind,
  transform: (source: string) => string = text => text,
): Promise<{ result: unknown; tree: string }> {
  const code = transform(`import { span, noSpan } from 'span-tree'\n${source}`)
  const { main } = await load<{ main(): unknown }>(code, kind)
  recorder.clear()
  const before = exported()
  const result = await runtime.getLogger('t').span('main', () => main())
  await until(() => exported() > before)
  return { result, tree: renderTree(recorder) }
}

describe.each(KINDS)('%s decorators', kind => {
  test('methods, static ones, getters and setters: this, values and errors are what they were', async () => {
    const { result, tree } = await run(
      `
      class Shop {
        stock = 2
        @span static open(name) { return [this === Shop, name] }
        @span sell(n) { this.check(n); return this.stock -= n }
        @span check(n) { if (n > this.stock) throw new RangeError('sold out') }
        @span get total() { return this.stock }
        @span set refill(value) { this.stock = value }
        @span('count it') count(...all) { return all.length }
        @span({ name: 'quick', level: 'debug' }) quick() { return this.count(1, 2, 3) }
      }
      export function main() {
        const shop = new Shop()
        shop.refill = 5
        const seen = [Shop.open('s'), shop.sell(1), shop.total, shop.quick()]
        try { shop.sell(9) } catch (error) { seen.push(error.message) }
        return seen
      }`,
      kind,
    )
    expect(result).toEqual([[true, 's'], 4, 4, 3, 'sold out'])
    expect(tree).toMatchInlineSnapshot(`
      "main
      ├─ Shop.set refill
      ├─ Shop.open
      ├─ Shop.sell
      │  └─ Shop.check
      ├─ Shop.get total
      ├─ quick
      │  └─ count it
      ├─ Shop.sell ↑ RangeError: sold out
      │  └─ Shop.check ✗ RangeError: sold out
      └─ handled RangeError: sold out"
    `)
    expect(recorder.find('quick')?.level).toBe('debug')
  })

  test('async functions, generators and async generators', async () => {
    const { result, tree } = await run(
      `
      class Source {
        @span async load(key) { await null; this.note(); if (key === 'bad') throw new Error('no ' + key); return key }
        @span *pages(n) { for (let i = 0; i < n; i++) { this.note(); const sent = yield i; if (sent) this.note() } return 'end' }
        @span async *stream(n) { for (let i = 0; i < n; i++) { await null; this.note(); yield i } }
        @span note() {}
      }
      export async function main() {
        const source = new Source()
        const seen = [await source.load('a')]
        await source.load('bad').catch(error => seen.push(error.message))
        const pages = source.pages(2)
        seen.push(pages.next().value, pages.next('x').value, pages.next())
        for await (const each of source.stream(2)) seen.push(each)
        return seen
      }`,
      kind,
    )
    expect(result).toEqual(['a', 'no bad', 0, 1, { value: 'end', done: true }, 0, 1])
    expect(tree).toMatchInlineSnapshot(`
      "main
      ├─ Source.load
      │  └─ Source.note
      ├─ Source.load ✗ Error: no bad
      │  └─ Source.note
      ├─ handled Error: no bad
      ├─ Source.pages
      │  ├─ Source.note
      │  ├─ Source.note
      │  └─ Source.note
      └─ Source.stream
         ├─ Source.note
         └─ Source.note"
    `)
  })

  test('a class: its own methods, getters and setters; not what @noSpan marks', async () => {
    const { result, tree } = await run(
      `
      class Base { inherited() { return 'i' } }
      @span
      class Service extends Base {
        static Model = class { static made = 1 }
        static Old = function Old() { this.old = true }
        static make() { return new this() }
        run() { return [this.#secret(), this.quiet(), this.silent(), this.hushed(), this.inherited(), this.label] }
        get label() { return 'l' }
        #secret() { return 's' }
        @noSpan quiet() { return 'q' }
        @span @noSpan silent() { return 'n' }
        @noSpan @span hushed() { return 'h' }
      }
      export const main = () => [Service.make().run(), Service.Model.made, new Service.Old().old, new Service() instanceof Service]`,
      kind,
    )
    expect(result).toEqual([['s', 'q', 'n', 'h', 'i', 'l'], 1, true, true])
    expect(tree).toMatchInlineSnapshot(`
      "main
      ├─ Service.make
      └─ Service.run
         └─ Service.get label"
    `)
  })

  test('a subclass that overrides and calls super: each class has its name', async () => {
    const { tree } = await run(
      `
      class Base { @span work() { return this.step() } @span step() { return 'base' } }
      class Derived extends Base { @span work() { return super.work() } @span step() { return super.step() } }
      export const main = () => new Derived().work()`,
      kind,
    )
    expect(tree).toMatchInlineSnapshot(`
      "main
      └─ Derived.work
         └─ Base.work
            └─ Derived.step
               └─ Base.step"
    `)
  })

  test('name, length, kind and properties of a method stay; `new` is refused as it was', async () => {
    const { result } = await run(
      `
      const tag = (value, context) => { (typeof value === 'function' ? value : value[context]).tagged = true }
      class C {
        @span method(a, b) {}
        @span async later(a) {}
        @span *counts(a, b, c) {}
        @span async *stream() {}
        @span @tag tagged() {}
      }
      const { method, later, counts, stream, tagged } = C.prototype
      export const main = () => {
        const seen = [method, later, counts, stream].map(fn => [fn.name, fn.length, Object.prototype.toString.call(fn), Object.hasOwn(fn, 'prototype')])
        try { new method() } catch (error) { seen.push(error.constructor.name) }
        return [...seen, tagged.tagged, Object.keys(C.prototype), new C().counts() instanceof counts]
      }`,
      kind,
    )
    expect(result).toMatchInlineSnapshot(`
      [
        [
          "method",
          2,
          "[object Function]",
          false,
        ],
        [
          "later",
          1,
          "[object AsyncFunction]",
          false,
        ],
        [
          "counts",
          3,
          "[object GeneratorFunction]",
          true,
        ],
        [
          "stream",
          0,
          "[object AsyncGeneratorFunction]",
          true,
        ],
        "TypeError",
        true,
        [],
        true,
      ]
    `)
  })

  test('the place is that of the decorator or its member, in the file of the class', async () => {
    await run(`class Placed {\n  @span here() {}\n}\nexport const main = () => new Placed().here()`, kind)
    const { file, line, column } = recorder.find('Placed.here')!.site!
    expect([/plain-\d+\.mjs$/.test(file), line > 0, column > 0]).toEqual([true, true, true])
  })
})

test('standard: private methods, accessors, fields and symbols', async () => {
  const { result, tree } = await run(
    `
    const KEY = Symbol('key')
    class Counter {
      @span accessor count = 0
      @noSpan accessor quiet = 1
      @span increase = by => { this.count += by; return this.count }
      @span old = function (...all) { return new.target === undefined ? all.length : undefined }
      @span Inner = class { value = 7 }
      @span text = 'no function'
      @span #secret() { return this.#hidden }
      @span static #hiddenStatic() { return 's' }
      @span get #hidden() { return 'h' }
      @span [KEY]() { return this.#secret() }
      static open() { return this.#hiddenStatic() }
    }
    export function main() {
      const counter = new Counter()
      return [
        counter.increase(2), counter.old(1, 2), new counter.old() instanceof counter.old, new counter.Inner().value,
        counter.text, counter[KEY](), Counter.open(), counter.quiet,
      ]
    }`,
    'standard',
  )
  expect(result).toEqual([2, 2, true, 7, 'no function', 'h', 's', 1])
  expect(tree).toMatchInlineSnapshot(`
    "main
    ├─ Counter.increase
    │  ├─ Counter.get count
    │  ├─ Counter.set count
    │  └─ Counter.get count
    ├─ Counter.old
    ├─ Counter.[key]
    │  └─ Counter.#secret
    │     └─ Counter.get #hidden
    └─ Counter.#hiddenStatic"
  `)
})

test('standard: a class decorator leaves accessors that @noSpan marks', async () => {
  const { tree } = await run(
    `
    @span class Box { accessor open = 1; @noSpan accessor shut = 2 }
    export function main() { const box = new Box(); return [box.open, box.shut] }`,
    'standard',
  )
  expect(tree).toMatchInlineSnapshot(`
    "main
    └─ Box.get open"
  `)
})

test('legacy: metadata of methods and parameters stays where frameworks look for it', async () => {
  const { result } = await run(
    `
    import 'reflect-metadata'
    const Route = (path: string): MethodDecorator => (target, key, descriptor) => {
      Reflect.defineMetadata('path', path, descriptor.value as object)
      Reflect.defineMetadata('key', path, target, key)
    }
    class Controller {
      @span @Route('/a') first(id: number, name: string): boolean { return true }
      @Route('/b') @span second(when: Date): string { return '' }
    }
    export const main = () => ['first', 'second'].map(key => {
      const target = Controller.prototype
      return [
        Reflect.getMetadata('path', target[key]), Reflect.getMetadata('key', target, key),
        ...Reflect.getMetadata('design:paramtypes', target, key).map(type => type.name),
      ]
    })`,
    'legacy',
  )
  expect(result).toEqual([
    ['/a', '/a', 'Number', 'String'],
    ['/b', '/b', 'Date'],
  ])
})

test('legacy: a field cannot be wrapped, and that is said', async () => {
  const warned = new Promise<Error>(resolve => process.once('warning', resolve))
  await run(`class F { @span run = () => 1 }\nexport const main = () => new F().run()`, 'legacy')
  expect((await warned).message).toMatch(/^@span on the field F\.run has no effect/)
})

test('what is neither a name nor options is refused', async () => {
  await expect(
    run(`class F { @span(7) run() {} }\nexport const main = () => new F().run()`, 'standard'),
  ).rejects.toThrow('@span takes a name or options, not number')
})

test('names do not depend on code of the instance', async () => {
  const { tree, result } = await run(
    `
    class P { @span m() { return 1 } get ['constructor']() { throw new Error('asked') } static name() { throw new Error('asked') } }
    const proxy = new Proxy(new P(), { getPrototypeOf() { throw new Error('trap') } })
    class Plain { @span m() { return 2 } }
    const transparent = new Proxy(new Plain(), {})
    export const main = () => [new P().m(), proxy.m(), transparent.m(), Plain.prototype.m.call(null), Plain.prototype.m.call(5)]`,
    'standard',
  )
  expect(result).toEqual([1, 1, 2, 2, 2])
  expect(tree).toMatchInlineSnapshot(`
    "main
    ├─ m
    ├─ m
    ├─ Plain.m
    ├─ Plain.m
    └─ Plain.m"
  `)
})

describe.each(KINDS)('%s decorators that the transformer has seen', kind => {
  test('what it instruments is not wrapped as well; options that it cannot read work all the same', async () => {
    const { result, tree } = await run(
      `
      const options = { name: 'from a variable' }
      class Shop {
        @span sell(n: number): number { return this.count(n) }
        @span(options) count(n: number): number { return n + this.price() }
        @span({ name: 'price it' }) price(): number { return Number('1') }
      }
      @span class Box { open(): string { return String(this.shut()) } @noSpan shut(): string { return String('s') } }
      export const main = () => [new Shop().sell(1), new Box().open()]`,
      kind,
      transformed,
    )
    expect(result).toEqual([2, 's'])
    expect(tree).toMatchInlineSnapshot(`
      "main
      ├─ Shop.sell
      │  └─ from a variable
      │     └─ price it
      └─ Box.open"
    `)
  })
})
