import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createProject } from '../project.ts'
import { BUILDERS } from './builders.ts'

const NAMES = ['mark', 'shebang', 'crlf', 'nocheck', 'latin', 'empty', 'plain']
const MAIN = `${NAMES.map(name => `import * as ${name} from './${name}'`).join('\n')}
console.log([${NAMES.join(', ')}].map(each => each.f?.(-1)).join())
`

const F = 'export function f(n) { return Math.abs(n) }\n'
const FILES = {
  'package.json': '{ "type": "module" }',
  'src/main.ts': MAIN,
  'src/mark.js': `\uFEFF${F}`,
  'src/shebang.js': `#!/usr/bin/env node\n${F}`,
  'src/crlf.js': `// windows\r\n${F.replace('\n', '\r\n')}`,
  'src/nocheck.ts': `// @ts-nocheck\n${F}`,
  'src/empty.js': '',
  'src/plain.js': F,
}

const UNTOUCHED =
  'src/latin.js - SPT1006: this file is not UTF-8: it is left uninstrumented; save it as UTF-8, or exclude it'

// Rolldown reads nothing but UTF-8 itself.
test.each(['esbuild', 'webpack', 'rspack'])('%s goes on', async name => {
  const project = createProject({ ...FILES, 'tsconfig.json': '{ "compilerOptions": { "sourceMap": true } }' }, [
    'span-tree',
  ])
  writeFileSync(join(project.directory, 'src/latin.js'), Buffer.from(`${F}export const s = 'é'\n`, 'latin1'))
  const { file, warnings } = await BUILDERS[name]!({ directory: project.directory })
  const own = warnings.filter(text => text.includes('SPT'))
  expect(own.map(text => /src\/.*?(?= \[|$)/m.exec(text)?.[0])).toEqual([UNTOUCHED])
  const { stdout, traces } = await project.node([file], { SPAN_TREE: 'json' })
  expect(stdout.trim()).toBe('1,1,1,1,1,,1')
  expect(traces.split('\n').filter(line => line.includes('f src'))).toEqual([
    '  f src/mark.js:1:17',
    '  f src/shebang.js:2:17',
    '  f src/crlf.js:2:17',
    '  f src/nocheck.ts:2:17',
    '  f src/plain.js:1:17',
  ])
})

test('what another plugin will compile is left to it', async () => {
  const project = createProject({
    'package.json': '{ "type": "module" }',
    'src/main.ts': "import { f } from './future.js'\nconsole.log(f())\n",
    'src/future.js': 'export function f() { return -1 |> Math.abs(%) }\n',
  })
  const { rollup } = await import('rollup')
  const { spanTree } = await import('../../../transformer/adapters/rollup.ts')
  const warnings: string[] = []
  const compiler = {
    name: 'compiler',
    transform: (code: string) => ({ code: code.replace('-1 |> Math.abs(%)', 'Math.abs(-1)'), map: null }),
  }
  const bundle = await rollup({
    input: join(project.directory, 'src/main.ts'),
    external: [/^span-tree/],
    plugins: [compiler, spanTree({ root: project.directory })],
    onLog: (_, { message }) => warnings.push(message),
  })
  const { output } = await bundle.generate({ format: 'es' })
  expect(output[0].code).toContain('return Math.abs(-1)')
  expect(warnings).toEqual([
    expect.stringMatching(/src\/future\.js:1:34 - SPT1001: this file does not parse \(Unexpected token\): it is left/),
  ])
})
