import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { configure } from '../../index.ts'
import { nextRun } from '../../runtime/run-sequence.ts'
import { defaultTags, tagsIn } from '../../runtime/tags.ts'
import { program } from '../process/processes.ts'

const root = mkdtempSync(join(tmpdir(), 'span-tree-tags-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

interface Line {
  readonly tags?: Readonly<Record<string, string>>
  readonly run?: number
}

/** Runs a program and returns its lines of JSON. */
async function linesOf(code: string, env: NodeJS.ProcessEnv): Promise<Line[]> {
  const { stdout, stderr } = await program(code).traced({ env: { SPAN_TREE_STATE: join(root, 'state'), ...env } })
  return `${stdout}${stderr}`
    .split('\n')
    .filter(line => line.startsWith('{'))
    .map(line => JSON.parse(line) as Line)
}

const LEAF = `function leaf() { return Number('1') } leaf()`

test('a program has the name and version of its package, its environment and its host', () => {
  const folder = join(root, 'app/src/deep')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(root, 'app/package.json'), '{ "name": "shop", "version": "1.2.3" }')
  // As compilers write it beside their output.
  writeFileSync(join(root, 'app/src/package.json'), '{ "type": "module" }')
  expect(defaultTags({ NODE_ENV: 'production' }, folder)).toEqual({
    app: 'shop',
    version: '1.2.3',
    environment: 'production',
    host: expect.stringMatching(/./),
  })
  expect(defaultTags({}, join(root, 'nowhere'))).toEqual({ host: expect.any(String) })
})

test('tags of the environment are pairs; what is no pair is left out', () => {
  expect(tagsIn('region=eu, team = a=b ,nonsense,=x,empty=')).toEqual({ region: 'eu', team: 'a=b', empty: '' })
  expect(tagsIn(undefined)).toEqual({})
})

test('what is no tag is refused', () => {
  expect(() => configure({ tags: { build: {} as string } })).toThrow(
    new TypeError('span-tree: tags.build takes a text, a number or a boolean'),
  )
})

test('lines of JSON carry tags and run where tags were set, the environment’s over those of the program', async () => {
  const code = `import { configure } from 'span-tree'; configure({ tags: { app: 'shop', build: 7, region: 'us' } }); ${LEAF}`
  const env = { SPAN_TREE_TAGS: 'region=eu' }
  const [[plain], [first], [second], [other]] = [
    await linesOf(LEAF, {}),
    await linesOf(code, env),
    await linesOf(code, env),
    await linesOf(code, {}),
  ]
  expect([plain?.tags, plain?.run]).toEqual([undefined, undefined])
  expect(first?.tags).toMatchObject({ app: 'shop', build: '7', region: 'eu' })
  // A sequence for each combination of tags.
  expect([first?.run, second?.run, other?.run]).toEqual([1, 2, 1])
})

test('without a folder to write to there is no run', async () => {
  writeFileSync(join(root, 'file'), '')
  const [line] = await linesOf(LEAF, { SPAN_TREE_TAGS: 'a=b', SPAN_TREE_STATE: join(root, 'file') })
  expect([line?.tags?.['a'], line?.run]).toEqual(['b', undefined])
})

test('processes that begin at once have different numbers, and the next one a higher', async () => {
  const code = `
    import { nextRun } from ${JSON.stringify(new URL('../../runtime/run-sequence.ts', import.meta.url).href)}
    const numbers = []
    for (let i = 0; i < 200; i++) numbers.push(nextRun(${JSON.stringify(join(root, 'runs/all'))}))
    console.log(JSON.stringify(numbers))`
  const all = program(code)
  const ended = await Promise.all(Array.from({ length: 4 }, () => all.plain()))
  const each = ended.map(({ stdout }) => JSON.parse(stdout) as number[])
  for (const numbers of each) expect(numbers).toEqual([...numbers].sort((a, b) => a - b))
  expect(each.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 800 }, (_, i) => i + 1))
  expect(nextRun(join(root, 'runs/all'))).toBe(801)
})

test('a thread is of the run of its process', async () => {
  const { stdout } = await program(`
    import { Worker } from 'node:worker_threads'
    import { origin } from ${JSON.stringify(new URL('../../runtime/tags.ts', import.meta.url).href)}
    const mine = origin().run
    const source = "import(" + JSON.stringify(${JSON.stringify(new URL('../../runtime/tags.ts', import.meta.url).href)}) + ").then(tags => console.log(tags.origin().run))"
    new Worker(source, { eval: true }).on('exit', () => console.log(mine))`).plain({
    env: { SPAN_TREE_STATE: join(root, 'threads') },
  })
  expect(stdout).toBe('1\n1\n')
})
