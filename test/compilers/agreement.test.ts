import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { originalsOf, positionsOf } from '../transformer/ast-source-map.ts'
import {
  COMPILERS,
  CompiledProject,
  type Compiler,
  type Run,
  TYPESCRIPT_5,
  TYPESCRIPT_6,
  TYPESCRIPT_7,
} from './compilers.ts'

const SILENT = { status: 0, stdout: '', stderr: '' }

const VITE = fileURLToPath(import.meta.resolve('vite').replace(/dist\/.*/, 'bin/vite.js'))

interface Compiled extends Run {
  readonly project: CompiledProject
}

async function compile(compiler: Compiler): Promise<Compiled> {
  const project = new CompiledProject('corpus', compiler)
  expect(await project.compile()).toEqual(SILENT)
  return { project, ...(await project.run('out/main.js')) }
}

const compiled = new Map<Compiler, Promise<Compiled>>()

/** Compiled at the first question. */
function compiledBy(compiler: Compiler): Promise<Compiled> {
  const known = compiled.get(compiler) ?? compile(compiler)
  compiled.set(compiler, known)
  return known
}

async function expectSame({ lines, trees }: Run): Promise<void> {
  const reference = await compiledBy(TYPESCRIPT_6)
  expect({ lines, trees }).toEqual({ lines: reference.lines, trees: reference.trees })
}

test('a corpus under TypeScript 6: values, original positions of errors, trees', async () => {
  const { lines, trees } = await compiledBy(TYPESCRIPT_6)
  expect(lines.join('\n')).toMatchInlineSnapshot(`
    "7.2 tea,cake,cake class|corner|corner of 1
    priced:total Large
    0,1,early,0,1 b,none
    tea!
    cake!
    RangeError shop.ts:49:66 shop.ts:44:58 main.ts:15:28 main.ts:22:15 main.ts:15:9
    TypeError streams.ts:21:11 streams.ts:15:92 streams.ts:12:65 main.ts:16:48 main.ts:22:9 main.ts:16:3
    TypeError streams.ts:24:97 main.ts:17:35 main.ts:22:15 main.ts:17:9
    SyntaxError main.ts:18:53 main.ts:18:30 main.ts:22:15 main.ts:18:9"
  `)
  expect(trees.join('\n')).toMatchInlineSnapshot(`
    "Base.note src/shop.ts#Base.note Base.note:method:src/shop.ts:19:10
    tagged › <anonymous> src/shop.ts#tagged › <anonymous> tagged › <anonymous>:arrow:src/shop.ts:11:10
    main src/main.ts#main main:function:src/main.ts:8:16
      new Shop src/shop.ts#new Shop new Shop:constructor:src/shop.ts:30:3
        new Base src/shop.ts#new Base new Base:constructor:src/shop.ts:20:3
          Base.note src/shop.ts#Base.note Base.note:method:src/shop.ts:19:10
        Base.note src/shop.ts#Base.note Base.note:method:src/shop.ts:19:10
      Shop.total src/shop.ts#Shop.total Shop.total:method:src/shop.ts:37:3
        Discount.of src/shop.ts#Discount.of Discount.of:function:src/shop.ts:6:19
          Discount.percent src/shop.ts#Discount.percent Discount.percent:arrow:src/shop.ts:7:19
      Shop.sell src/shop.ts#Shop.sell Shop.sell:method:src/shop.ts:43:3
        Shop.check src/shop.ts#Shop.check Shop.check:method:src/shop.ts:48:11
      Shop.sell src/shop.ts#Shop.sell Shop.sell:method:src/shop.ts:43:3
        Shop.check src/shop.ts#Shop.check Shop.check:method:src/shop.ts:48:11
        Shop.check src/shop.ts#Shop.check Shop.check:method:src/shop.ts:48:11
      Shop.get sold src/shop.ts#Shop.get sold Shop.get sold:getter:src/shop.ts:39:7
      counted src/streams.ts#counted counted:function:src/streams.ts:3:18
      counted src/streams.ts#counted counted:function:src/streams.ts:3:18
      delivered src/streams.ts#delivered delivered:function:src/streams.ts:11:24
        label src/streams.ts#label label:arrow:src/streams.ts:15:15
        label src/streams.ts#label label:arrow:src/streams.ts:15:15
      attempt src/main.ts#attempt attempt:function:src/main.ts:21:16
        main › <anonymous @ attempt> src/main.ts#main › <anonymous @ attempt> main › <anonymous @ attempt>:arrow:src/main.ts:15:17 failed
          Shop.sell src/shop.ts#Shop.sell Shop.sell:method:src/shop.ts:43:3 failed
            Shop.check src/shop.ts#Shop.check Shop.check:method:src/shop.ts:48:11 failed
      attempt src/main.ts#attempt attempt:function:src/main.ts:21:16
        main › <anonymous @ attempt> src/main.ts#main › <anonymous @ attempt>~2 main › <anonymous @ attempt>:arrow:src/main.ts:16:17 failed
          delivered src/streams.ts#delivered delivered:function:src/streams.ts:11:24 failed
            label src/streams.ts#label label:arrow:src/streams.ts:15:15
            label src/streams.ts#label label:arrow:src/streams.ts:15:15 failed
              reject src/streams.ts#reject reject:function:src/streams.ts:17:10 failed
      attempt src/main.ts#attempt attempt:function:src/main.ts:21:16
        main › <anonymous @ attempt> src/main.ts#main › <anonymous @ attempt>~3 main › <anonymous @ attempt>:arrow:src/main.ts:17:17 failed
          deep.nested.call src/streams.ts#deep.nested.call deep.nested.call:arrow:src/streams.ts:24:39 failed
      attempt src/main.ts#attempt attempt:function:src/main.ts:21:16
        main › <anonymous @ attempt> src/main.ts#main › <anonymous @ attempt>~4 main › <anonymous @ attempt>:arrow:src/main.ts:18:17 failed
          main › <anonymous @ attempt> › <anonymous @ map> src/main.ts#main › <anonymous @ attempt> › <anonymous @ map> main › <anonymous @ attempt> › <anonymous @ map>:arrow:src/main.ts:18:34
          main › <anonymous @ attempt> › <anonymous @ map> src/main.ts#main › <anonymous @ attempt> › <anonymous @ map> main › <anonymous @ attempt> › <anonymous @ map>:arrow:src/main.ts:18:34 failed"
  `)
})

test('TypeScript 5.9 through ts-patch 3: the same', async () => {
  await expectSame(await compiledBy(TYPESCRIPT_5))
})

test("TypeScript 7.1's native compiler: the same", async () => {
  await expectSame(await compiledBy(TYPESCRIPT_7))
})

test('node --import span-tree/register: the same', async () => {
  const project = new CompiledProject('corpus', TYPESCRIPT_6)
  const options = { include: ['src/**'], exclude: ['src/frames.ts'] }
  project.write('package.json', JSON.stringify({ ...JSON.parse(project.read('package.json')), 'span-tree': options }))
  await expectSame(await project.run('--import', 'span-tree/register', 'src/main.ts'))
})

test('vite: the same', async () => {
  const project = new CompiledProject('corpus', TYPESCRIPT_6)
  project.write(
    'vite.config.mjs',
    `import { spanTree } from 'span-tree/vite'
     export default {
       plugins: [spanTree({ include: ['src/**'], exclude: ['src/frames.ts'] })],
       build: { ssr: 'src/main.ts', sourcemap: true, outDir: 'out', minify: false },
       logLevel: 'error',
     }`,
  )
  expect(await project.node([VITE, 'build'])).toEqual(SILENT)
  await expectSame(await project.run('out/main.js'))
})

/** Where each of these begins, in the source and in what is emitted. */
const LANDMARKS: Readonly<Record<string, readonly string[]>> = {
  main: [
    'new Shop(',
    'shop.sell(',
    'shop.total(',
    'numbers.next(',
    'attempt(',
    'delivered(...',
    'JSON.parse(',
    'deep.nested',
  ],
  shop: [
    'new RangeError(',
    'Base.note(',
    'name.trim(',
    'Discount.of(',
    'this.check(',
    'this.#sold.map(',
    'items.reduce(',
  ],
  streams: ['new TypeError(', 'Math.abs(', 'closed.push(', 'items.map(', 'label(', '? reject(', 'value.missing'],
}

test.each(COMPILERS)(
  'TypeScript $version: an independent reader of the maps finds calls where they stand',
  async compiler => {
    const { project } = await compiledBy(compiler)
    for (const [file, texts] of Object.entries(LANDMARKS)) {
      const [source, code, map] = [`src/${file}.ts`, `out/${file}.js`, `out/${file}.js.map`].map(path =>
        project.read(path),
      )
      for (const text of texts) {
        const expected = positionsOf(source!, text)
        expect(expected.length).toBeGreaterThan(0)
        expect({ file, text, at: originalsOf(code!, map!, text) }).toEqual({ file, text, at: expected })
      }
    }
  },
)
