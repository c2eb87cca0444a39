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

interface Node {
  readonly name: string
  readonly children?: readonly Node[]
}

function outline({ name, children = [] }: Node): string {
  return children.length === 0 ? name : `${name}[${children.map(outline).join(' ')}]`
}
