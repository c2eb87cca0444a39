import { stripVTControlCharacters } from 'node:util'
import { describe, expect, test } from 'vitest'
import type { SelectOptions } from '../../../transformer/options.ts'
import { createProject } from '../project.ts'
import { BUILDERS } from './builders.ts'

const FILES = {
  'package.json': '{ "type": "module" }',
  'tsconfig.json': '{ "compilerOptions": { "target": "es2022", "module": "esnext", "sourceMap": true, "types": [] } }',
  'src/main.ts': `import { one } from './one'
import { two } from './two'
console.log(one() + two())
`,
  'src/one.ts': `import { factor } from './two'
/** @span */
export const unit = 1
export const one = (): number => Math.abs(unit) * factor
`,
  'src/two.ts': `// @span
export const factor = 2
export function two(): number { return Math.abs(factor) }
`,
}

const OPTIONS = { include: ['src/**', 'lib/**'], minDuraton: 5 } as SelectOptions

const WARNINGS = [
  "spanTree() options - SPT2001: unknown option 'minDuraton': did you mean 'minDuration'?",
  "spanTree() options - SPT2003: the pattern 'lib/**' matches no file: patterns are relative to <project>",
  'src/one.ts:2:5 - SPT1002: @span has no effect here: what follows is no function and no class',
  'src/two.ts:1:1 - SPT1003: @span has no effect in a plain comment: write /** @span */',
]

test.each(Object.entries(BUILDERS))('%s says what has no effect, once and in its own way', async (_, build) => {
  const project = createProject(FILES, ['span-tree'])
  const { file, warnings } = await build({ directory: project.directory, options: OPTIONS })
  const texts = warnings.map(
    text => /\S*(?: options)? - SPT\d{4}: .*/.exec(text.replaceAll(project.directory, '<project>'))?.[0],
  )
  expect(texts.map(text => text?.replace(/ \[\d+:\d+\]$/, '')).toSorted()).toEqual(WARNINGS)
  const { traces } = await project.node([file], { SPAN_TREE: 'json' })
  expect(traces).toBe('one src/one.ts:4:20\ntwo src/two.ts:3:17')
})

describe('code for the browser is left as it is, and that is said', () => {
  const NOTHING = (setting: string): string =>
    `spanTree() options - SPT2010: nothing is instrumented: this build is for the browser (${setting}), and the runtime needs Node`

  test.each([
    ['esbuild', "platform is 'browser' by default"],
    ['rolldown', "platform: 'browser'"],
    ['webpack', 'target: "web"'],
    ['rspack', 'target: "web"'],
  ])('%s', async (name, setting) => {
    const project = createProject(FILES, ['span-tree'])
    const { file, warnings } = await BUILDERS[name]!({ directory: project.directory, browser: true })
    expect(
      warnings.map(text =>
        stripVTControlCharacters(text)
          .replace(/^\s*⚠\s*/, '')
          .trim(),
      ),
    ).toEqual([NOTHING(setting)])
    const { stdout, traces } = await project.node([file], { SPAN_TREE: 'json' })
    expect({ stdout: stdout.trim(), traces }).toEqual({ stdout: '4', traces: '' })
  })
})
