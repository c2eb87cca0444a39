import { readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { ROOT } from '../support/imports.ts'
import { createProject, packTarball, shell } from './pack.ts'

const readme = readFileSync(join(ROOT, 'README.md'), 'utf8')

/** Code blocks of README's section, in its order. */
function blocksOf(section: string): { language: string; text: string }[] {
  const [, rest = ''] = readme.split(`\n## ${section}\n`)
  const [body = ''] = rest.split('\n## ')
  return [...body.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language, text]) => ({
    language: language!,
    text: text!,
  }))
}

const quickStart = blocksOf('Quick start')
/** Blocks that begin with a path are files. */
function filesOf(section: string): Record<string, string> {
  const entries = blocksOf(section).flatMap(({ text }) => {
    const [, path] = /^\/\/ (\S+)\n/.exec(text) ?? []
    return path === undefined ? [] : [[path, text] as const]
  })
  return Object.fromEntries(entries)
}

const commands = quickStart.filter(({ language }) => language === 'sh').flatMap(({ text }) => text.trim().split('\n'))
const tree = quickStart.find(({ language }) => language === 'text')!.text

let directory: string

beforeAll(() => {
  directory = createProject('quick-start', {
    'package.json': '{ "name": "quick-start", "private": true, "type": "module" }',
    ...filesOf('Quick start'),
  })
})

test('the quick start, from the tarball in an empty project: the tree is the one that README shows', {
  timeout: 180_000,
}, () => {
  const tarball = packTarball()
  let trees = ''
  for (const command of commands) {
    const typed = command.replace(/^npm install span-tree$/, `npm install ${JSON.stringify(tarball)}`)
    const { status, stdout, stderr } = shell(directory, typed, { SPAN_TREE: 'terminal' })
    expect({ command, status, output: status === 0 ? '' : stdout + stderr }).toEqual({ command, status: 0, output: '' })
    trees = stderr
  }
  expect(withoutTimes(trees)).toBe(withoutTimes(tree))
})

test('without any setup', () => {
  const [command] = blocksOf('Without any setup').filter(({ language }) => language === 'sh')
  const { status, stdout, stderr } = shell(directory, command!.text.trim())
  expect({ status, stdout }).toEqual({ status: 0, stdout: 'no scones today\n' })
  expect(withoutTimes(stderr)).toContain('OrderService.checkout › <anonymous @ map> src/order.ts:9:48')
})

test('in tests', () => {
  const project = createProject('in-tests', {
    'package.json': '{ "name": "in-tests", "private": true, "type": "module" }',
    ...filesOf('Quick start'),
    ...filesOf('In tests'),
  })
  // vitest is large, and it is here.
  symlinkSync(join(ROOT, 'node_modules'), join(project, 'node_modules'), 'junction')
  const { status, stdout, stderr } = shell(project, 'node_modules/.bin/vitest run')
  expect({ status, output: status === 0 ? '' : stdout + stderr }).toEqual({ status: 0, output: '' })
  expect(stdout).toMatch(/Tests +1 passed/)
})

/** Without what differs from run to run: times, which spans were slow, and the blanks that follow from their widths. */
function withoutTimes(text: string): string {
  return text
    .replaceAll(/^npm .*\n/gm, '')
    .replaceAll(/ ▲ \d+ %/g, '')
    .replaceAll(/[+\d][\d.]* (?:µs|ms|s)\b/g, '<time>')
    .replaceAll(/[ \t]+/g, ' ')
    .replaceAll(/^ /gm, '')
    .trim()
}
