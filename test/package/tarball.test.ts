import { execFileSync, spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { beforeAll, expect, test } from 'vitest'
import { ROOT } from '../support/imports.ts'
import { packTarball } from './pack.ts'

const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  exports: Record<string, { types?: string }>
  typesVersions: { '*': object }
}

let tarball: string

beforeAll(() => {
  tarball = packTarball()
})

test('publint finds nothing', async () => {
  const buffer = readFileSync(tarball)
  const { messages, pkg } = await publint({
    pack: { tarball: buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + buffer.byteLength) },
  })
  expect(messages.map(message => formatMessage(message, pkg, { color: false }))).toEqual([])
})

test('types are found as the code is, at every entry', () => {
  const attw = join(ROOT, 'node_modules/@arethetypeswrong/cli/dist/index.js')
  const args = [attw, tarball, '--profile', 'esm-only', '--no-color', '--no-emoji']
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  expect({ status, report: status === 0 ? '' : stdout + stderr }).toEqual({ status: 0, report: '' })
  for (const subpath of Object.keys(manifest.exports)) expect(stdout).toContain(subpath.replace('.', 'span-tree'))
})

test('it holds what is built, README, licence and the documents that messages name, and nothing else', () => {
  const files = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' }).trim().split('\n')
  const other = files.map(file => file.replace('package/', '')).filter(file => !file.startsWith('dist/'))
  const documents = readdirSync(join(ROOT, 'docs')).filter(name => /\.(md|svg)$/.test(name))
  expect(other.sort()).toEqual(
    ['LICENSE', 'README.md', 'package.json', ...documents.map(name => `docs/${name}`)].sort(),
  )
  expect(files.filter(file => /\/(test|bench|examples)\//.test(file))).toEqual([])
})

test('TypeScript that knows no exports (moduleResolution node10) finds the types of every entry, too', () => {
  const entries = Object.entries(manifest.exports).flatMap(([name, { types }]) =>
    types === undefined || name === '.' ? [] : [[name.slice('./'.length), [types]] as const],
  )
  expect(manifest.typesVersions['*']).toEqual(Object.fromEntries(entries))
})
