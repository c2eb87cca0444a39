import { join } from 'node:path'
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping'
import { expect, test } from 'vitest'
import turbopackLoader, { type LoaderContext } from '../../../transformer/adapters/turbopack.ts'
import { createProject } from '../project.ts'

// In Turbopack itself: `npm run proof:next`.
interface Loaded {
  readonly code: string
  readonly map: object | undefined
  readonly warnings: readonly string[]
}

function load(directory: string, file: string, code: string, options: object = {}): Loaded {
  const warnings: string[] = []
  let loaded: Loaded | undefined
  const context: LoaderContext = {
    resourcePath: join(directory, file),
    rootContext: directory,
    getOptions: () => options,
    emitWarning: ({ message }) => warnings.push(message),
    callback: (_, text = '', map) => (loaded = { code: text, map, warnings }),
  }
  turbopackLoader.call(context, code)
  return loaded as unknown as Loaded
}

const ACTIONS = `'use server'
export async function save() { return await Promise.reject(new Error('full')) }
`

test('as a loader of Turbopack: instrumented, behind the directives, with a map', () => {
  const { directory } = createProject({})
  const { code, map, warnings } = load(directory, 'app/actions.ts', ACTIONS)
  expect(code).toMatch(/^'use server'; import .*span-tree\/abi.*\nexport async function save\(\) \{ const \$st_f/)
  const line = code.split('\n')[1] as string
  const found = originalPositionFor(new TraceMap(map as never), { line: 2, column: line.indexOf('new Error') })
  expect({ line: found.line, column: found.column }).toEqual({ line: 2, column: 59 })
  expect(warnings).toEqual([])
})

test('as a loader of Turbopack: what is not selected stays as it is; what is wrong is a warning, once', () => {
  const { directory } = createProject({})
  const options = { include: ['lib/**'], inclde: [] }
  const { code, map, warnings } = load(directory, 'app/actions.ts', ACTIONS, options)
  expect({ code, map }).toEqual({ code: ACTIONS, map: undefined })
  expect(warnings).toEqual([expect.stringMatching(/SPT\d+: .*inclde/)])
  expect(load(directory, 'app/page.ts', ACTIONS, options).warnings).toEqual([])
})
