import { expect, test } from 'vitest'
import { createProject } from '../adapters/project.ts'

const manifest = (version: string): string => JSON.stringify({ version, exports: { '.': './index.js' } })

const FILES = {
  'package.json': '{ "scripts": { "start": "node --import span-tree/register app.js" } }',
  'node_modules/piscina/package.json': manifest('5.3.2'),
  'node_modules/workerpool/package.json': manifest('9.1.0'),
}

test('says what is linked, what is not, and why', async () => {
  const { stdout, code } = await createProject(FILES).cli(['doctor', '--json'])
  const report = JSON.parse(stdout) as { loadedBefore: string[]; links: { name: string; state: string }[] }
  expect(code).toBe(0)
  expect(report.loadedBefore).toEqual(['span-tree/register'])
  const states = Object.fromEntries(report.links.map(({ name, state }) => [name, state]))
  expect(states).toMatchObject({
    worker_threads: 'linked',
    child_process: 'linked',
    piscina: 'linked',
    workerpool: 'not tested',
    tinypool: 'not installed',
  })
})

test('the same as a table', async () => {
  const { stdout } = await createProject(FILES).cli(['doctor', '--table'])
  expect(stdout).toMatch(/^span-tree \d+\.\d+\.\d+, Node \d+/)
  expect(stdout).toMatch(/^✓ piscina 5\.3\.2 +linked/m)
  expect(stdout).toMatch(/^\? workerpool 9\.1\.0 +not tested +tested with version 10/m)
})

test('with SPAN_TREE_LINKS=off nothing is linked', async () => {
  const { stdout } = await createProject(FILES).cli(['doctor', '--json'], { SPAN_TREE_LINKS: 'off' })
  const { links } = JSON.parse(stdout) as { links: { name: string; state: string; reason: string }[] }
  expect(links.filter(({ state }) => state === 'linked')).toEqual([])
  expect(links.find(({ name }) => name === 'worker_threads')?.reason).toBe('SPAN_TREE_LINKS=off')
})
