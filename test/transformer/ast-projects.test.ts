import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Project } from './ast-project.ts'
import { originalsOf, positionsOf } from './ast-source-map.ts'

const esm = new Project('esm')

test('ES modules under nodenext: values, trees, positions in stacks', () => {
  expect(esm.compile()).toEqual({ status: 0, stdout: '', stderr: '' })
  const { lines, trees } = esm.run('out/main.js')
  const placesOf = (line: string): string => line.trim().replaceAll(`${esm.directory}/`, '')
  const own = lines.filter(line => !line.includes('node:internal')).map(placesOf)
  expect(own).toMatchInlineSnapshot(`
    [
      "42",
      "0,1,2",
      "RangeError: declined: 101",
      "at charge (src/payments.ts:3:27)",
      "at async OrderService.checkout (src/orders.ts:16:20)",
      "at async <anonymous> (src/main.ts:8:5)",
      "TypeError: no id",
      "at verify (src/payments.ts:8:33)",
      "at charge (src/payments.ts:4:12)",
      "at async OrderService.checkout (src/orders.ts:16:20)",
      "at async <anonymous> (src/main.ts:8:5)",
    ]
  `)
  expect(trees.join('\n')).toMatchInlineSnapshot(`
    "new OrderService src/orders.ts:8:3
      OrderService.#remember src/orders.ts:20:3
    OrderService.checkout src/orders.ts:13:9
      OrderService.checkout › <anonymous @ map> src/orders.ts:14:54
        priceOf src/orders.ts:25:17
      OrderService.checkout › <anonymous @ map> src/orders.ts:14:54
        priceOf src/orders.ts:25:17
      OrderService.checkout › <anonymous @ map> src/orders.ts:14:54
        priceOf src/orders.ts:25:17
      charge src/payments.ts:1:23
        verify src/payments.ts:7:10
      OrderService.#remember src/orders.ts:20:3
    counted src/orders.ts:27:18
    OrderService.checkout src/orders.ts:13:9 failed
      OrderService.checkout › <anonymous @ map> src/orders.ts:14:54
        priceOf src/orders.ts:25:17
      charge src/payments.ts:1:23 failed
    OrderService.checkout src/orders.ts:13:9 failed
      OrderService.checkout › <anonymous @ map> src/orders.ts:14:54
        priceOf src/orders.ts:25:17
      charge src/payments.ts:1:23 failed
        verify src/payments.ts:7:10 failed"
  `)
  expect(esm.read('out/orders.d.ts')).not.toContain('$st')
})

test('source maps: names, calls and throws come from where they stand in the source', () => {
  for (const file of ['orders', 'payments']) {
    const [source, code, map] = [`src/${file}.ts`, `out/${file}.js`, `out/${file}.js.map`].map(path => esm.read(path))
    const texts = [
      'checkout(',
      '#remember(',
      'counted(',
      'charge(',
      'verify(',
      'throw new ',
      'new RangeError(',
      'new TypeError(',
      'await ',
      'yield ',
      'priceOf =',
      'priceOf(',
    ]
    for (const text of texts) {
      expect({ text, at: originalsOf(code!, map!, text) }).toEqual({ text, at: positionsOf(source!, text) })
    }
  }
})

test('CommonJS: cycles, a file without imports, a module beside it', () => {
  const project = new Project('commonjs')
  expect(project.compile()).toEqual({ status: 0, stdout: '', stderr: '' })
  const { lines, trees } = project.run('out/main.js')
  expect(lines).toEqual(['object', 'true 3 true module'])
  expect(trees.join('\n')).toMatchInlineSnapshot(`
    "isEven src/even.ts:4:17
    isOdd src/odd.ts:3:17
      isEven src/even.ts:4:17
        isOdd src/odd.ts:3:17
          isEven src/even.ts:4:17
    plain src/plain.ts:3:10
    main src/main.ts:5:16
      isEven src/even.ts:4:17
        isOdd src/odd.ts:3:17
          isEven src/even.ts:4:17
            isOdd src/odd.ts:3:17
              isEven src/even.ts:4:17
      fromModule src/esm.mts:1:17"
  `)
})

test('legacy decorators: the others stay with their metadata, @span goes', () => {
  const project = new Project('legacy-decorators')
  expect(project.compile()).toEqual({ status: 0, stdout: '', stderr: '' })
  const { lines, trees } = project.run('out/main.js')
  expect(lines.join('\n')).toMatchInlineSnapshot(`
    "122 [ 'service', 'initialised', '3' ] 2 true
    now /now [ 'Clock', 'Number' ] Promise
    then2 /then [ 'Number' ] Array
    plain /plain [] Number"
  `)
  expect(trees.join('\n')).toMatchInlineSnapshot(`
    "Service.now! src/main.ts:17:9
      tick src/clock.ts:5:3
      tick src/clock.ts:5:3
    Service.then2 src/main.ts:24:3
    new Traced src/main.ts:36:3
      Traced.check src/main.ts:40:3
    Traced.check src/main.ts:40:3"
  `)
})

test('standard decorators', () => {
  const project = new Project('standard-decorators')
  expect(project.compile()).toEqual({ status: 0, stdout: '', stderr: '' })
  const { lines, trees } = project.run('out/main.js')
  expect(lines).toEqual(['0 APPLES nobody'])
  expect(trees.join('\n')).toMatchInlineSnapshot(`
    "Shop.open src/main.ts:13:10
    Shop.announce src/main.ts:19:3
      Shop.#count src/main.ts:26:3
        Shop.get total src/main.ts:31:7
    Shop.later src/main.ts:36:11
      Shop.get owner out/main.js:58:13"
  `)
})

test('nothing configured but the plugin', () => {
  const project = new Project('bare')
  expect(project.compile()).toEqual({ status: 0, stdout: '', stderr: '' })
  const { lines, trees } = project.run('src/main.js')
  expect(lines).toEqual(['hello world'])
  expect(trees).toEqual(['greet src/main.ts:1:10'])
})

test('a wrong key fails the build, in its place; a pattern and a tag without effect warn', () => {
  const project = new Project('faulty')
  const { status, stdout, stderr } = project.compile()
  expect(status).toBe(2)
  expect(stdout).toMatchInlineSnapshot(`
    "tsconfig.json(9,9): error TS902001: span-tree: unknown option 'inclde': did you mean 'include'?
    "
  `)
  expect(stderr.replaceAll(project.directory, '')).toMatchInlineSnapshot(`
    "tsconfig.json:10:21 - warning SPT2003: the pattern 'lib/**' matches no file: patterns are relative to 
    src/main.ts:1:5 - warning SPT1002: @span has no effect here: what follows is no function and no class
    "
  `)
})

test('warnings alone do not fail the build', () => {
  const project = new Project('faulty')
  const path = join(project.directory, 'tsconfig.json')
  writeFileSync(path, project.read('tsconfig.json').replace('"inclde": ["src/**"],', ''))
  const { status, stdout } = project.compile()
  expect({ status, stdout }).toEqual({ status: 0, stdout: '' })
})

test('a build of project references', () => {
  const project = new Project('esm')
  expect(project.compile('-b')).toEqual({ status: 0, stdout: '', stderr: '' })
  expect(project.read('out/payments.js')).toContain("'verify'")
})

test('an incremental build instruments the files that it emits again', () => {
  const project = new Project('esm')
  project.compile('--incremental')
  const before = project.read('out/orders.js')
  appendFileSync(join(project.directory, 'src/payments.ts'), '\nexport const more = () => Math.random()\n')
  expect(project.compile('--incremental').status).toBe(0)
  expect(project.read('out/payments.js')).toContain("'more'")
  expect(project.read('out/orders.js')).toBe(before)
})
