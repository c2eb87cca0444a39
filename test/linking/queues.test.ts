import { describe, expect, test } from 'vitest'
import { NODE_VERSIONS, nodeBinary } from '../support/node-versions.ts'
import { LinkedProject } from './project.ts'

const project = new LinkedProject()
const REGISTER = ['--import', 'span-tree/register']
const LINK = ['--import', 'span-tree/link']
/** The program's own functions are not to be traced. */
const env = { SPAN_TREE_OPTIONS: '{ "include": ["names.mjs"] }' }

describe.each(NODE_VERSIONS)('on Node %i', major => {
  test('the tasks of p-limit and p-queue say how long they waited, and change in nothing else', async () => {
    const { stdout } = await project.run(nodeBinary(major), [...REGISTER, 'queues.mjs', 'linked'], env)
    expect(stdout).toBe('all right\n')
  })
})

test.each([
  ['with span-tree/link', [...LINK, 'queues.mjs', 'linked'], {}],
  ['without', ['queues.mjs'], {}],
  ['with SPAN_TREE_LINKS=off', [...REGISTER, 'queues.mjs'], { ...env, SPAN_TREE_LINKS: 'off' }],
])('they are below the same spans %s', async (_, args, env) => {
  const { stdout } = await project.run(process.execPath, args, env)
  expect(stdout).toBe('all right\n')
})

test('CommonJS that imports them, before anything is traced', async () => {
  project.write({
    'queues.cjs': `
      async function main() {
        const { default: pLimit } = await import('p-limit')
        const limit = pLimit(1)
        const early = limit(() => 'early')
        const { default: PQueue } = await import('p-queue')
        const queue = new PQueue({ concurrency: 1 })
        if (Symbol.for('span-tree.runtime.2') in globalThis) throw new Error('the runtime is loaded')
        const { configure, flush, getLogger } = await import('span-tree')
        const waited = []
        configure({ exporters: [{ export: ({ root }) => waited.push(...root.children.map(each => each.queueDuration > 0n)) }] })
        const log = getLogger('commonjs')
        await log.span('main', () => Promise.all([early, queue, limit].map(async each => {
          if (typeof each === 'function') await each(() => log.span('limited', () => {}))
          else if (each === queue) await queue.add(() => log.span('queued', () => {}))
        })))
        await flush()
        console.log(waited.join(' '))
      }
      main()`,
  })
  const { stdout } = await project.run(process.execPath, [...REGISTER, 'queues.cjs'], env)
  expect(stdout).toBe('true true\n')
})
