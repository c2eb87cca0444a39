import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { INSTRUMENT_A_LIBRARY } from '../../examples/commands.ts'
import { ROOT } from '../support/imports.ts'
import { type Finished, type JsonSpan, runExample } from './run-example.ts'

const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as { packages: object }
const packages = Object.keys(lock.packages).length

/** Without the option that leaves out short calls: which ones are short differs from run to run. */
const EVERYTHING = INSTRUMENT_A_LIBRARY.filter(
  (word, i, words) => !`${words[i - 1]} ${word}`.includes('--min-duration'),
).filter(word => word !== '--min-duration')

let everything: Finished

beforeAll(async () => {
  everything = await runExample(
    EVERYTHING.flatMap(word => (word === 'run' ? ['run', '--format', 'json'] : word)),
    'json',
  )
})

test('the library does its work', () => {
  expect(everything.code).toBe(0)
  expect(everything.stdout + everything.stderr).toContain(`package-lock.json: ${packages} packages, all valid\n`)
})

test('the tree is that of the program, down into the library', () => {
  const root = everything.roots.find(({ name }) => name === 'validateLock')!
  expect(outline(root, 3)).toMatchInlineSnapshot(`
    "validateLock
      lockSchema
        string
        record
        string
        array
        union
        string
        union
        looseObject
        string
        literal
        string
        record
        object
      readJson
      parse
        <anonymous @ $constructor> › inst._zod.parse"
  `)
})

test('every package was parsed once, in a span of its own at a place of the shipped source', () => {
  const root = everything.roots.find(({ name }) => name === 'validateLock')!
  const parses = all(root).filter(
    ({ name, site }) => name.endsWith('.parse') && site!.file.startsWith('node_modules/zod/src/'),
  )
  const places = Object.groupBy(parses, ({ site }) => `${site!.file}:${site!.line}:${site!.column}`)
  const counts = Object.values(places).map(spans => spans!.reduce((sum, { calls }) => sum + (calls?.count ?? 1), 0))
  // The objects are the packages and the file itself.
  expect(counts).toContain(packages + 1)
})

test('for people, it fits on a screen or two and says what was left out', async () => {
  const { stderr, code } = await runExample(INSTRUMENT_A_LIBRARY, 'terminal')
  expect(code).toBe(0)
  expect(stderr.split('\n').length).toBeLessThan(90)
  expect(stderr).toMatch(/⋯ \d+ short calls left out/)
  expect(stderr).toMatch(/inst\._zod\.parse ×\d+/)
})

/** Names down to a depth; neighbours of one name are counted. */
function outline(span: JsonSpan, depth: number, indent = ''): string {
  const lines: string[] = []
  for (const child of depth > 1 ? span.children : []) lines.push(outline(child, depth - 1, `${indent}  `))
  return [indent + span.name, ...lines.filter((line, i) => line !== lines[i - 1])].join('\n')
}

function all(span: JsonSpan): JsonSpan[] {
  return [span, ...span.children.flatMap(all)]
}
