import { describe, expect, test } from 'vitest'
import { NODE_VERSIONS, nodeBinary } from '../support/node-versions.ts'
import { runCrowd } from './pool-programs.ts'
import { LinkedProject } from './project.ts'

const project = new LinkedProject()

describe.each(NODE_VERSIONS)('on Node %i', major => {
  test('workers, nested ones, processes, a pool and a queue, in several traces at once: no wrong parent', async () => {
    const report = await runCrowd(project, nodeBinary(major), { traces: 3, seed: 3 })
    expect(report.wrong).toEqual([])
    expect(report.spans).toBe(report.expected)
    expect(report.spans).toBeGreaterThan(80)
  })
})

test('on a Node whose insides are not known all works, and what is unlinked is said', async () => {
  const preload = ['--require', './unknown-node.cjs', '--import', 'span-tree/link']
  const { stdout } = await project.run(process.execPath, [...preload, 'unknown.mjs'])
  expect(stdout).toBe('all work\n')
})

test('SPAN_TREE_LINKS=off changes nothing of Node', async () => {
  const env = { SPAN_TREE_LINKS: 'off', SPAN_TREE: '' }
  const { stdout } = await project.run(process.execPath, ['--import', 'span-tree/link', 'off.mjs'], env)
  expect(stdout).toContain('as without\n')
})

interface Published {
  readonly traceId: string
  readonly root: {
    readonly id: string
    readonly links?: readonly { readonly traceId: string; readonly spanId: string }[]
    readonly references: readonly { readonly id: string; readonly role: string }[]
  }
}

describe("a job by reference, between two processes that don't know each other", () => {
  const env = { SPAN_TREE: 'json' }
  const parse = ({ stdout, stderr }: { stdout: string; stderr: string }): Published => JSON.parse(stdout || stderr)

  test.each([
    ['of whom the first has published before the other begins', false],
    ['of whom the second has published before the first', true],
  ])('%s', async (_, waits) => {
    const queue = `job-${waits}.json`
    const producing = project.run(process.execPath, ['producer.mjs', queue, ...(waits ? ['waits'] : [])], env)
    if (!waits) await producing
    const consumer = parse(await project.run(process.execPath, ['consumer.mjs', queue], env))
    const producer = parse(await producing)
    const [{ id }] = producer.root.references as unknown as [{ id: string }]
    expect(producer.root.references).toEqual([{ id, role: 'source' }])
    expect(consumer.root.references).toEqual([{ id, role: 'destination' }])
    expect(consumer.root.links).toEqual([{ traceId: producer.traceId, spanId: producer.root.id }])
    expect(consumer.traceId).not.toBe(producer.traceId)
  })
})
