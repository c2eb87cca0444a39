import { stripTypeScriptTypes } from 'node:module'
import { create, type InstrumentationConfig } from '@apm-js-collab/code-transformer'
import { type FunctionPlan, planFile } from 'span-tree/transformer'
import type { Contender } from './contenders.ts'
import { LIBRARY, LIBRARY_ROOT, type SourceFile } from './library.ts'

/**
 * `@apm-js-collab/code-transformer` at its best: it instruments functions that are named to it, in JavaScript. It gets the
 * library without its types (taken away beforehand, which is not counted), and for each file the names of the functions that
 * it finds by them, methods and anonymous ones not among them. Files without such a function are left out.
 */
const module = { name: 'library', versionRange: '*' }

interface Job {
  readonly code: string
  readonly functions: number
  run(): unknown
}

let known: ReadonlyMap<string, Job | undefined> | undefined

// Which names it finds takes a while to find out.
function jobs(): ReadonlyMap<string, Job | undefined> {
  return (known ??= new Map(LIBRARY.map(file => [file.filename, jobFor(file)])))
}

function jobFor({ code, filename }: SourceFile): Job | undefined {
  const javaScript = stripTypeScriptTypes(code, { mode: 'transform' })
  const { functions } = planFile(code, { filename, root: LIBRARY_ROOT, include: ['**'], skipTrivial: false })
  const configs = functions.map(plan => configFor(plan, filename)).filter(config => finds([config], javaScript))
  const run = (): unknown => transform(configs, javaScript)
  return configs.length > 0 ? { code: javaScript, functions: configs.length, run } : undefined
}

function configFor({ site, shape }: FunctionPlan, filePath: string): InstrumentationConfig {
  const functionQuery = { functionName: site.name, kind: shape === 'async' ? 'Async' : 'Sync' } as const
  return { channelName: site.name, module: { ...module, filePath }, functionQuery }
}

function transform(configs: InstrumentationConfig[], code: string): unknown {
  const filePath = configs[0]?.module.filePath as string
  return create(configs).getTransformer(module.name, '1.0.0', filePath)?.transform(code, 'esm')
}

function finds(configs: InstrumentationConfig[], code: string): boolean {
  try {
    transform(configs, code)
    return true
  } catch {
    return false
  }
}

/** How much of the library it takes part with. */
export function orchestrionNote(): string {
  const done = [...jobs().values()].filter(job => job !== undefined)
  const found = done.reduce((sum, { functions }) => sum + functions, 0)
  return (
    '@apm-js-collab/code-transformer is made to instrument a few functions that are named to it, in JavaScript: by their ' +
    `names it finds ${found} of the functions here, in ${done.length} files, whose bytes are those that count.`
  )
}

export const orchestrion: Contender = {
  name: '@apm-js-collab/code-transformer, see below',
  run: ({ filename }) => jobs().get(filename)?.run(),
  bytes: ({ filename }) => Buffer.byteLength(jobs().get(filename)?.code ?? ''),
}
