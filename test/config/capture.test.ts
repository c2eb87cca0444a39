import { describe, expect, test } from 'vitest'
import { captureArguments } from '../../runtime/capture.ts'
import { withoutPaths } from '../../runtime/redact.ts'
import { createProject, type Project } from '../adapters/project.ts'

const APP = `import type { Span } from 'span-tree'
import { recorder } from 'span-tree/testing'

class Account { constructor(readonly owner: string, readonly iban: string, readonly pin = '1234') {} }
function plain(n: number) { return Math.abs(n), { n, price: 2, margin: 0.3 } }
const arrow = (n: number) => Array.of(n)
function nothing(n: number) { if (Math.abs(n) > 0) return; return 1 }
async function resolved(n: number) { await null; return { n, margin: 1 } }
async function adopted(n: number) { return resolved(n) }
function handed(n: number) { return resolved(n) }
function* generated(n: number) { yield Math.abs(n); return 'done' }
async function* both(n: number) { yield await n; return ['all', 'done'] }
function overruled(n: number): number { try { return Math.abs(n) } finally { return 7 } }
async function rejected(account: Account, users: { email: string; id: number }[]) {
  await null
  throw new Error('no')
}

const values: unknown[] = [plain(1), arrow(2), nothing(3), overruled(4)]
values.push(await resolved(5), await adopted(6), await handed(7), [...generated(8)])
for await (const value of both(9)) values.push(value)
const account = new Account('Ann', 'DE00')
await rejected(account, [{ email: 'a@b.c', id: 1 }, { email: 'd@e.f', id: 2 }]).catch(() => {})
console.log(JSON.stringify(values))
const all = (span: Span): Span[] => [span, ...span.children.flatMap(all)]
for (const { name, attributes, exitError } of recorder.trees.flatMap(({ root }) => all(root))) {
  console.log(name, JSON.stringify(attributes.result), JSON.stringify(exitError?.kind === 'error' ? exitError.arguments : undefined))
}
`
const CONFIG = {
  include: ['src/**'],
  functions: ['!<*', '!new *'],
  skipTrivial: false,
  capture: { results: true, redact: ['result.margin', 'account.owner', 'users[*].email'] },
}

function app(): Project {
  return createProject(
    {
      'package.json': '{ "type": "module" }',
      'span-tree.config.json': JSON.stringify(CONFIG),
      'src/app.ts': APP,
      'tsconfig.json': JSON.stringify({
        compilerOptions: {
          ...{ module: 'nodenext', target: 'es2022', types: ['node'], rootDir: 'src', outDir: 'dist', noCheck: true },
          plugins: [{ transform: 'span-tree/transformer' }],
        },
        include: ['src'],
      }),
    },
    ['span-tree', 'typescript', 'ts-patch', '@types/node'],
  )
}

const RECORD = { SPAN_TREE: 'record' }

test('results are recorded, and nothing of them changes; both renderers agree', async () => {
  const project = app()
  const { stdout: compiler, stderr } = await project.node(['node_modules/ts-patch/bin/tspc.js'])
  expect(compiler + stderr).toBe('')
  const [text, ast] = await Promise.all([
    project.register(['src/app.ts'], RECORD),
    project.node(['dist/app.js'], RECORD),
  ])
  expect(text.stderr).toBe('')
  expect(text.stdout).toMatchInlineSnapshot(`
    "[{"n":1,"price":2,"margin":0.3},[2],null,7,{"n":5,"margin":1},{"n":6,"margin":1},{"n":7,"margin":1},[8],9]
    plain {"n":1,"price":2,"margin":"[redacted]"} undefined
    arrow [2] undefined
    nothing undefined undefined
    overruled 7 undefined
    resolved {"n":5,"margin":"[redacted]"} undefined
    adopted {"n":6,"margin":"[redacted]"} undefined
    resolved {"n":6,"margin":"[redacted]"} undefined
    handed "[promise]" undefined
    resolved {"n":7,"margin":"[redacted]"} undefined
    generated "done" undefined
    both ["all","done"] undefined
    rejected undefined {"account":{"owner":"[redacted]","iban":"[redacted]","pin":"[redacted]"},"users":[{"email":"[redacted]","id":1},{"email":"[redacted]","id":2}]}
    "
  `)
  expect(ast.stdout).toBe(text.stdout)
})

describe('paths to redact', () => {
  const values = {
    order: {
      card: { number: '4111', holder: 'Ann' },
      lines: [
        { price: 1, item: 'tea' },
        { price: 2, item: 'cake' },
      ],
    },
    user: { email: 'a@b.c', 'first name': 'Ann', friend: { email: 'd@e.f' } },
  }
  const hidden = (...paths: string[]): unknown =>
    withoutPaths(captureArguments(['order', 'user'], [values.order, values.user]), paths)

  test.each([
    [
      'order.card.number',
      { order: { ...values.order, card: { number: '[redacted]', holder: 'Ann' } }, user: values.user },
    ],
    [
      'order.lines[1].price',
      {
        order: { ...values.order, lines: [values.order.lines[0], { price: '[redacted]', item: 'cake' }] },
        user: values.user,
      },
    ],
    [
      'order.lines[*].*',
      {
        order: { ...values.order, lines: Array(2).fill({ price: '[redacted]', item: '[redacted]' }) },
        user: values.user,
      },
    ],
    [
      '**.email',
      { order: values.order, user: { ...values.user, email: '[redacted]', friend: { email: '[redacted]' } } },
    ],
    ['user["first name"]', { order: values.order, user: { ...values.user, 'first name': '[redacted]' } }],
    ['user.**', { order: values.order, user: '[redacted]' }],
    ['order', { order: '[redacted]', user: values.user }],
    ['email', values],
    ['order.card.number.deeper', values],
  ])('%s', (path, expected) => expect(hidden(path)).toEqual(expected))

  test('several at once', () => {
    expect(hidden('order', 'user.friend')).toEqual({
      order: '[redacted]',
      user: { ...values.user, friend: '[redacted]' },
    })
  })
})
