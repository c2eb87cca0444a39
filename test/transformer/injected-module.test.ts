import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { runInNewContext } from 'node:vm'
import { expect, onTestFinished, test } from 'vitest'
import { instrument } from '../../transformer/instrument.ts'

const abi = new URL('../../runtime/abi.ts', import.meta.url).href

test('in a cycle of modules, a hoisted function can run before its own module has', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'span-tree-cycle-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const write = (name: string, code: string): void => {
    const options = { filename: join(directory, name), root: directory, include: ['**'], skipTrivial: false, abi }
    writeFileSync(join(directory, name), instrument(code, options).code)
  }
  write('a.mjs', "import { late } from './b.mjs'\nexport function early() { return 'early' }\nexport { late }\n")
  write('b.mjs', "import { early } from './a.mjs'\nexport const late = early() + ' and late'\n")
  const { late } = (await import(pathToFileURL(join(directory, 'a.mjs')).href)) as { late: string }
  expect(late).toBe('early and late')
})

test('a script runs without a runtime, and two scripts share their scope', () => {
  const instrumented = (filename: string, code: string): string =>
    instrument(code, { filename, root: '/', include: ['**'], format: 'script', skipTrivial: false }).code
  const first = instrumented(
    'a.js',
    'function add(a, b) { return a + b }\nasync function later(x) { return await x }\n',
  )
  const second = instrumented(
    'b.js',
    `function* all(list) { for (const each of list) yield add(each, 1) }
async function* stream(list) { for await (const each of list) yield later(each); return later(0) }
function fails() { throw new RangeError('as it was') }
async function drain() { const out = []; for await (const each of stream([1, 2])) out.push(each); return out }
function caught() { try { fails() } catch (error) { return error.message } }
`,
  )
  const result = runInNewContext(`${first};${second};[[...all([1, 2])].join(), caught(), drain()]`) as unknown[]
  expect(result.slice(0, 2)).toEqual(['2,3', 'as it was'])
  return expect(result[2]).resolves.toHaveLength(2)
})
