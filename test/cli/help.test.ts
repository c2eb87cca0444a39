import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createProject } from '../adapters/project.ts'

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string
}

test('without arguments: the same as --help', async () => {
  const project = createProject({})
  const bare = await project.cli([])
  expect(bare).toMatchObject({ code: 0, stderr: '' })
  expect(bare.stdout).toBe((await project.cli(['--help'])).stdout)
  expect(bare.stdout).toContain('span-tree run -- node src/app.ts')
})

test('every command has help with examples', async () => {
  const { stdout, code } = await createProject({}).cli(['run', '--help'])
  expect(code).toBe(0)
  expect(stdout).toMatch(/^Usage: span-tree run \[options\] -- <command>/)
  expect(stdout).toMatch(/Examples:\n {2}span-tree run -- node src\/app\.ts/)
})

test('--version', async () => {
  expect(await createProject({}).cli(['--version'])).toMatchObject({ stdout: `${version}\n`, code: 0 })
})

test('NO_COLOR and FORCE_COLOR decide on colours', async () => {
  const project = createProject({})
  const introducer = '\u001B['
  expect((await project.cli([])).stdout).not.toContain(introducer)
  expect((await project.cli([], { NO_COLOR: undefined, FORCE_COLOR: '1' })).stdout).toContain(introducer)
})
