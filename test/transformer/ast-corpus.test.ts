import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseSync } from 'oxc-parser'
import ts from 'typescript'
import { expect, test } from 'vitest'
import { compile } from './ast-compile.ts'

const zod = fileURLToPath(new URL('../../node_modules/zod/src/', import.meta.url))

test('every function of a large library is found by its offsets, and what is emitted parses', () => {
  const files = globSync('**/*.ts', { cwd: zod }).filter(file => !file.includes('test'))
  let functions = 0
  for (const file of files) {
    const source = readFileSync(zod + file, 'utf8')
    const { code, rendering } = compile(source, { module: ts.ModuleKind.ESNext }, [], 'app.ts')
    const missed = rendering.missed.map(fn => fn.site.name)
    expect({ file, missed, errors: parseSync('app.js', code).errors }).toEqual({ file, missed: [], errors: [] })
    functions += code.split('= $st_enter').length - 1
  }
  expect(functions).toBeGreaterThan(1000)
})
