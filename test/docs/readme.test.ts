import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createProject } from '../adapters/project.ts'
import { ROOT } from '../support/imports.ts'

const readme = readFileSync(join(ROOT, 'README.md'), 'utf8')

/** The blocks that are no files: those of the quick start, and of tests, are run from the tarball. */
const blocks = [...readme.matchAll(/^## ([^\n]+)\n|^```ts\n(?!\/\/ \S+\n)([\s\S]*?)^```$/gm)]
const programs: { section: string; code: string }[] = []
let section = ''
for (const [, heading, code] of blocks) {
  section = heading ?? section
  if (code !== undefined) programs.push({ section, code })
}

const TSCONFIG = {
  compilerOptions: {
    module: 'nodenext',
    target: 'es2023',
    rootDir: 'src',
    outDir: 'dist',
    strict: true,
    types: ['node'],
    lib: ['esnext'],
  },
}

const TREES = [
  ['What gets a span', 'pay'],
  ['The logger', 'ship\n  charge\nreserve'],
  ['In production', ''],
  ['In production', ''],
  ['Across threads, processes and services', 'order\nkitchen'],
]

test('every TypeScript block of README compiles and runs as it stands', async () => {
  const files = programs.map(({ code }, i) => [`src/block-${i}.ts`, code] as const)
  const project = createProject(
    {
      'package.json': '{ "name": "readme", "type": "module" }',
      'tsconfig.json': JSON.stringify(TSCONFIG),
      ...Object.fromEntries(files),
    },
    ['span-tree', 'typescript', '@types/node'],
  )
  const compiled = await project.node(['node_modules/typescript/bin/tsc', '-p', '.'])
  expect(compiled.stdout).toBe('')
  const running = programs.map(async ({ section }, i) => {
    const { code, stderr, traces } = await project.node([`dist/block-${i}.js`], { SPAN_TREE: 'json' })
    expect({ section, code, stderr: stderr.trim() }).toEqual({ section, code: 0, stderr: '' })
    return [section, traces.replaceAll(/ \S+:\d+:\d+/g, '')]
  })
  expect(await Promise.all(running)).toEqual(TREES)
})
