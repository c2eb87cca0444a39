import { describe, expect, test } from 'vitest'
import { NODE_VERSIONS, nodeBinary } from '../support/node-versions.ts'
import { LinkedProject } from './project.ts'

const project = new LinkedProject()
/** Flags that a worker may not have; with them come those that it inherits. */
const FLAGS = ['--max-old-space-size=200', '--title=a title', '--stack-trace-limit=50', '--conditions', 'some']

describe.each(NODE_VERSIONS)('on Node %i', major => {
  test.each([['threads'], ['processes']])(
    'what a program sees of linked %s is what it saw before; their trees join',
    async name => {
      const { stdout } = await project.run(nodeBinary(major), [`${name}.mjs`])
      expect(stdout).toBe('all as it was\n')
    },
  )
})

describe('with flags', () => {
  test.each([
    ['of the command line', FLAGS, undefined],
    ['of the environment', [], '--max-old-space-size=300 --no-deprecation'],
  ])('%s, too', async (_, flags, NODE_OPTIONS) => {
    const { stdout } = await project.run(process.execPath, [...flags, 'threads.mjs'], { NODE_OPTIONS })
    expect(stdout).toBe('all as it was\n')
  })
})

test('CommonJS, instrumented as it is loaded, through a pool whose workers are too', async () => {
  project.write({
    'service.cjs': `
      const { once } = require('events')
      const { Piscina } = require('piscina')
      const { Worker } = require('worker_threads')
      const pool = new Piscina({ filename: __dirname + '/double.cjs', maxThreads: 1 })
      async function request(n) { return await pool.run(n) }
      async function start() { await once(new Worker(__dirname + '/own.cjs'), 'exit') }
      Promise.all([request(1), request(2), start()]).then(process.exit.bind(process, 0))`,
    'double.cjs': `module.exports = function double(n) { return twice(n) }\nfunction twice(n) { return Number(n) * 2 }`,
    'own.cjs': `function own() { return Number('1') }\nown()`,
  })
  const env = { SPAN_TREE: 'json', SPAN_TREE_OPTIONS: JSON.stringify({ include: ['*.cjs'], skipTrivial: false }) }
  const { stdout, stderr } = await project.run(process.execPath, ['--import', 'span-tree/register', 'service.cjs'], env)
  const roots = (stdout + stderr)
    .trim()
    .split('\n')
    .map(line => (JSON.parse(line) as { root: Node }).root)
  expect(roots.map(outline).sort()).toEqual([
    'request[module.exports[twice]]',
    'request[module.exports[twice]]',
    'start[own]',
  ])
})

interface NodeError {
  readonly spanId?: string
  readonly type: string
  readonly message: string
}

interface Node {
  readonly id: string
  readonly name: string
  readonly exitError?: NodeError
  readonly handledErrors?: readonly NodeError[]
  readonly children?: readonly Node[]
}

function outline({ name, children = [] }: Node): string {
  return children.length === 0 ? name : `${name}[${children.map(outline).join(' ')}]`
}

test('an error that crosses threads is recorded once, where it was thrown', async () => {
  project.write({
    'asks.cjs': `
      const { once } = require('events')
      const { Piscina } = require('piscina')
      const { Worker } = require('worker_threads')
      const pool = new Piscina({ filename: __dirname + '/fails.cjs', maxThreads: 1 })
      async function ask(n) { return await pool.run(n) }
      async function survive(n) { try { await ask(n) } catch {} }
      async function start() { await once(new Worker(__dirname + '/dies.cjs'), 'error') }
      Promise.allSettled([ask(1), survive(2), start()]).then(process.exit.bind(process, 0))`,
    'fails.cjs': `
      class Declined extends Error { name = 'Declined' }
      function decline(n) { throw new Declined('card ' + n) }
      module.exports = function charge(n) { return decline(n) }`,
    'dies.cjs': `require('./fails.cjs')(0)`,
  })
  const env = { SPAN_TREE: 'json', SPAN_TREE_OPTIONS: JSON.stringify({ include: ['*.cjs'], skipTrivial: false }) }
  const { stdout } = await project.run(process.execPath, ['--import', 'span-tree/register', 'asks.cjs'], env)
  const lines = stdout.split('\n').filter(line => line.startsWith('{'))
  const roots = lines.map(line => (JSON.parse(line) as { root: Node }).root)
  expect(roots.map(root => errorsOf(root, namesIn(root))).sort()).toEqual([
    'ask ↑decline[module.exports ↑decline[decline Declined: card 1]]',
    'start[module.exports ↑decline[decline Declined: card 0]]',
    'survive handled decline[ask ↑decline[module.exports ↑decline[decline Declined: card 2]]]',
  ])
})

function namesIn(root: Node, names: Map<string, string> = new Map()): Map<string, string> {
  names.set(root.id, root.name)
  for (const child of root.children ?? []) namesIn(child, names)
  return names
}

/** Each span with its error: a record as it is, references by the names of the spans that they refer to. */
function errorsOf({ name, exitError, handledErrors = [], children = [] }: Node, names: Map<string, string>): string {
  const handled = handledErrors.map(({ spanId }) => ` handled ${names.get(spanId ?? '')}`).join('')
  const left =
    exitError?.spanId === undefined ? ` ${exitError?.type}: ${exitError?.message}` : ` ↑${names.get(exitError.spanId)}`
  const below = children.map(child => errorsOf(child, names)).join()
  return `${name}${exitError ? left : ''}${handled}${below && `[${below}]`}`
}
