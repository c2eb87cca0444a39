import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { planTable } from '../../cli/plan/plan-table.ts'
import type { Survey } from '../../cli/plan/survey.ts'
import { createProject, type Project } from '../adapters/project.ts'

const SHOP = {
  'package.json': '{ "name": "shop", "type": "module" }',
  'src/shop.ts': `import { Till } from './till.ts'
export async function checkout(items: string[]): Promise<number> {
  const till = new Till()
  for (const item of items) till.add(item)
  await null
  return till.total()
}
/** @noSpan */
export function quiet() { return checkout([]) }
const ship = function () { return page.evaluate(function () { return window.close() }) }
`,
  'src/till.ts': `export class Till {
  #prices: number[] = []
  add(item: string) { this.#prices.push(price(item)) }
  total() { return this.#prices.reduce((a, b) => a + b, 0) }
}
function price(item: string) { return Math.max(1, item.length) }
`,
  'src/shop.test.ts': "test('it', () => run())\n",
  'dist/shop.js': 'export function old() { return run() }\n',
  'span-tree.config.json': '{ "include": ["src/**"], "exclude": ["**/*.test.ts"], "functions": ["!price"] }',
}

interface Plan {
  readonly from: readonly string[]
  readonly summary: Readonly<Record<string, number>>
  readonly functions: readonly {
    readonly place: string
    readonly name: string
    readonly state: string
    readonly reason?: string
    readonly cost?: { readonly spans: number; readonly nanoseconds: number }
  }[]
  readonly files: readonly { readonly file: string; readonly reason: string }[]
}

async function planOf(project: Project, ...parameters: string[]): Promise<Plan> {
  const { stdout, stderr, code } = await project.cli(['plan', ...parameters])
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 })
  return JSON.parse(stdout) as Plan
}

test('as a table: what is instrumented and what is not, each with its place and reason', async () => {
  const { stdout } = await createProject(SHOP).cli(['plan', '--table'])
  expect(stdout).toMatchInlineSnapshot(`
    "✓ src/shop.ts:2:23      checkout                           async, 12 spans ≈ 1.3 µs
    · src/shop.ts:9:17      quiet                              excluded: @noSpan
    ✓ src/shop.ts:10:14     ship                               1 span ≈ 100 ns
    ✗ src/shop.ts:10:49     ship › <anonymous @ evaluate>      evaluate() runs its source elsewhere
    ✓ src/till.ts:3:3       Till.add                           1 span ≈ 100 ns
    ✓ src/till.ts:4:3       Till.total                         1 span ≈ 100 ns
    – src/till.ts:4:40      Till.total › <anonymous @ reduce>  trivial: no call, loop, await, yield or
                                                               throw in its body
    · src/till.ts:6:10      price                              excluded: its name is not selected by
                                                               functions
    · src/shop.test.ts:1:1  (file)                             excluded by '**/*.test.ts'

    4 of 8 functions in 2 files get a span (1 refused, 1 trivial, 2 excluded); 1 file left out; chosen by span-tree.config.json.
    Dearest call, estimated: checkout, 12 spans ≈ 1.3 µs (a loop counts as 10 turns).
    "
  `)
})

test('as JSON, when piped: sorted, without a path or a time of this machine', async () => {
  const project = createProject(SHOP)
  const first = await project.cli(['plan'])
  expect(first.stdout).toMatchInlineSnapshot(`
    "{
      "version": 1,
      "from": ["span-tree.config.json"],
      "summary": {"files":2,"filesLeftOut":1,"instrumented":4,"refused":1,"trivial":1,"excluded":2},
      "functions": [
        {"place":"src/shop.ts:2:23","name":"checkout","state":"instrumented","kind":"function","shape":"async","cost":{"spans":12,"nanoseconds":1260}},
        {"place":"src/shop.ts:9:17","name":"quiet","state":"excluded","reason":"excluded: @noSpan"},
        {"place":"src/shop.ts:10:14","name":"ship","state":"instrumented","kind":"function","shape":"sync","cost":{"spans":1,"nanoseconds":100}},
        {"place":"src/shop.ts:10:49","name":"ship › <anonymous @ evaluate>","state":"refused","reason":"evaluate() runs its source elsewhere"},
        {"place":"src/till.ts:3:3","name":"Till.add","state":"instrumented","kind":"method","shape":"sync","cost":{"spans":1,"nanoseconds":100}},
        {"place":"src/till.ts:4:3","name":"Till.total","state":"instrumented","kind":"method","shape":"sync","cost":{"spans":1,"nanoseconds":100}},
        {"place":"src/till.ts:4:40","name":"Till.total › <anonymous @ reduce>","state":"trivial","reason":"trivial: no call, loop, await, yield or throw in its body"},
        {"place":"src/till.ts:6:10","name":"price","state":"excluded","reason":"excluded: its name is not selected by functions"}
      ],
      "files": [
        {"file":"src/shop.test.ts","reason":"excluded by '**/*.test.ts'"}
      ],
      "diagnostics": []
    }
    "
  `)
  expect((await createProject(SHOP).cli(['plan', '--json'])).stdout).toBe(first.stdout)
})

test('as a diff of the sources', async () => {
  const { stdout } = await createProject(SHOP).cli(['plan', '--diff', 'src/till.ts'])
  expect(stdout.split('\n').map(line => line.slice(0, 120))).toMatchInlineSnapshot(`
    [
      "--- a/src/till.ts",
      "+++ b/src/till.ts",
      "@@ -1,6 +1,6 @@",
      "-export class Till {",
      "+import { enter as $st_enter, exit as $st_exit, fail as $st_fail, sites as $st_sites } from "span-tree/abi"; var $st_S; ",
      "   #prices: number[] = []",
      "-  add(item: string) { this.#prices.push(price(item)) }",
      "-  total() { return this.#prices.reduce((a, b) => a + b, 0) }",
      "+  add(item: string) { const $st_f = $st_enter(($st_S||$st_T())[0]); try {  this.#prices.push(price(item))  } catch ($st",
      "+  total() { const $st_f = $st_enter(($st_S||$st_T())[1]); try {  return this.#prices.reduce((a, b) => a + b, 0)  } catc",
      " }",
      " function price(item: string) { return Math.max(1, item.length) }",
      "",
    ]
  `)
})

test('an estimate: spans of a call, by loops, callbacks and the calls that names tell', async () => {
  const project = createProject({
    'package.json': '{ "type": "module" }',
    'a.ts': `import { one, Cart } from './b.ts'
export function straight() { one(); one() }
export function loop(n: number[]) { for (const x of n) { one(); if (x) one() } }
export function callback(n: number[]) { return n.map(x => one(x)) }
export function method(cart: Cart, other: { load(): void }) { cart.load(); other.toString() }
export function self(n: number): number { return n && self(n - 1) }
export function outer() { return straight() + loop([1]) }
export async function steps() { for (;;) await null }
export function stranger(x: any) { return x.two() }
`,
    'b.ts':
      'export function one(x?: number) { return String(x) }\nexport class Cart { load() { one() } }\nclass Own { two() { one() } }\n',
  })
  const { functions } = await planOf(project)
  const spans = Object.fromEntries(functions.map(({ name, cost }) => [name, `${cost?.spans} ${cost?.nanoseconds}`]))
  expect(spans).toMatchObject({
    one: '1 100',
    straight: '3 300',
    loop: '21 2100',
    callback: '21 2100',
    'callback › <anonymous @ map>': '2 200',
    method: '3 300',
    self: '1 100',
    outer: '25 2500',
    steps: '1 250',
    stranger: '1 100',
  })
})

describe('what it goes by', () => {
  const files = {
    'package.json': '{ "type": "module" }',
    'src/a.ts': '/** @span */ export function a() { return b() }\nexport function b() { return Number(1) }\n',
    'scripts/s.ts': 'export function s() { return Number(1) }\n',
  }
  const placesOf = ({ functions }: Plan): string[] => functions.map(({ place, state }) => `${place} ${state}`)
  const tsconfig = (entry: object): string =>
    JSON.stringify({
      compilerOptions: { plugins: [{ transform: 'span-tree/transformer', ...entry }] },
      include: ['src'],
    })

  test('without any configuration: all of the program, as span-tree run', async () => {
    const plan = await planOf(createProject(files))
    expect(plan.from).toEqual(["all of the program's own code"])
    expect(placesOf(plan)).toEqual([
      'scripts/s.ts:1:17 instrumented',
      'src/a.ts:1:30 instrumented',
      'src/a.ts:2:17 instrumented',
    ])
  })

  test("a tsconfig's plugin: its files, and annotations where it has no globs", async () => {
    const project = createProject({ ...files, 'tsconfig.json': tsconfig({}) }, ['typescript'])
    const plan = await planOf(project)
    expect(plan.from).toEqual(['tsconfig.json', 'annotated functions only'])
    expect(placesOf(plan)).toEqual(['src/a.ts:1:30 instrumented'])
  })

  test('a tsconfig that another extends, its globs, and no TypeScript to read it', async () => {
    const globs = tsconfig({ include: ['src/**'] })
    const extended = createProject(
      { ...files, 'base.json': globs, 'tsconfig.json': '{ "extends": "./base.json", /* ! */ }' },
      ['typescript'],
    )
    expect(placesOf(await planOf(extended))).toEqual(['src/a.ts:1:30 instrumented', 'src/a.ts:2:17 instrumented'])
    const alone = await planOf(createProject({ ...files, 'tsconfig.json': `// comment\n${globs}` }))
    expect(alone.from).toEqual(['tsconfig.json'])
    expect(placesOf(alone)).toEqual(['src/a.ts:1:30 instrumented', 'src/a.ts:2:17 instrumented'])
  })

  test('the configuration file, and the command line over it', async () => {
    const project = createProject({
      ...files,
      'span-tree.config.mjs': "export default { include: ['src/**'], functions: ['a'] }",
    })
    const plan = await planOf(project)
    expect(plan.from).toEqual(['span-tree.config.mjs'])
    expect(placesOf(plan)).toEqual(['src/a.ts:1:30 instrumented', 'src/a.ts:2:17 excluded'])
    const all = await planOf(project, '--include', '**', '--functions', '*', 'scripts/**')
    expect(placesOf(all)).toEqual(['scripts/s.ts:1:17 instrumented'])
  })

  test('a pattern that names what is left out by itself', async () => {
    const project = createProject({
      ...files,
      'dist/d.js': 'export function d() { return Number(1) }\n',
      'node_modules/lib/index.js': 'export function lib() { return Number(1) }\n',
    })
    const plan = await planOf(project, '--include', 'dist/**', '--include', 'node_modules/lib/**')
    expect(placesOf(plan)).toEqual([
      'dist/d.js:1:17 instrumented',
      'node_modules/lib/index.js:1:17 instrumented',
      // By its annotation.
      'src/a.ts:1:30 instrumented',
    ])
  })
})

describe('--check', () => {
  test('is silent while nothing has changed, also when the estimate is measured anew', async () => {
    const project = createProject(SHOP)
    const { stdout } = await project.cli(['plan', '--json'])
    writeFileSync(join(project.directory, 'plan.json'), stdout.replaceAll('"nanoseconds":1', '"nanoseconds":2'))
    expect(await project.cli(['plan', '--check', 'plan.json'])).toMatchObject({ stdout: '', stderr: '', code: 0 })
  })

  test('shows what has changed, and fails', async () => {
    const project = createProject(SHOP)
    const kept = join(project.directory, 'plan.json')
    writeFileSync(kept, (await project.cli(['plan', '--json'])).stdout)
    const till = join(project.directory, 'src/till.ts')
    writeFileSync(till, readFileSync(till, 'utf8').replace('total() {', '/** @noSpan */ total() {'))
    const { stdout, stderr, code } = await project.cli(['plan', '--check', 'plan.json'])
    expect(code).toBe(1)
    expect(stdout).toContain('-    {"place":"src/till.ts:4:3","name":"Till.total","state":"instrumented"')
    expect(stdout).toContain(
      '+    {"place":"src/till.ts:4:18","name":"Till.total","state":"excluded","reason":"excluded: @noSpan"}',
    )
    expect(stderr).toBe('span-tree: the plan has changed; if it is meant to: span-tree plan --json > plan.json\n')
  })

  test('a plan that was never kept', async () => {
    const { stderr, code } = await createProject(SHOP).cli(['plan', '--check', 'none.json'])
    expect(code).toBe(1)
    expect(stderr).toContain('no such file: none.json; make it with span-tree plan --json > none.json')
  })
})

test('bad input is a line each', async () => {
  const project = createProject({
    'package.json': '{ "type": "module" }',
    'bad.ts': 'const = 1\n',
    'good.ts': '// @span\nexport function good() { return Number(1) }\n',
    'latin.js': '',
  })
  writeFileSync(join(project.directory, 'latin.js'), Buffer.from('export function l() { return f("\xe9") }', 'latin1'))
  const { stdout, stderr, code } = await project.cli(['plan', '--table'])
  expect(code).toBe(0)
  expect(stdout).toContain('✓ good.ts:2:17  good')
  expect(stderr.split('\n').map(line => line.slice(0, 40))).toEqual([
    'bad.ts:1:7 - error SPT1001: this file do',
    'good.ts:1:1 - warning SPT1003: @span has',
    'latin.js - warning SPT1006: this file is',
    '',
  ])
})

test('the table fits the terminal', () => {
  const place = { file: 'src/orders/service.ts', line: 120, column: 3 }
  const survey: Survey = {
    from: ['tsconfig.json'],
    functions: [
      {
        ...place,
        state: 'instrumented',
        name: 'OrderService.checkout › validate › <anonymous @ forEach>',
        shape: 'sync',
      },
      {
        ...place,
        state: 'refused',
        name: 'f',
        reason: 'page.evaluate() runs its source elsewhere, where there is no runtime',
      },
    ],
    files: [],
    read: 1,
    diagnostics: [],
  }
  for (const width of [60, 80, 120]) {
    const lines = planTable(survey, width).split('\n').slice(0, -3)
    expect(lines.filter(line => line.length > width && !line.includes('src/orders'))).toEqual([])
  }
  expect(planTable(survey, 120)).toMatchInlineSnapshot(`
    "✓ src/orders/service.ts:120:3  OrderService.checkout …<anonymous @ forEach>
    ✗ src/orders/service.ts:120:3  f                                             page.evaluate() runs its source elsewhere,
                                                                                 where there is no runtime

    1 of 2 functions in 1 file get a span (1 refused); chosen by tsconfig.json.
    "
  `)
})
