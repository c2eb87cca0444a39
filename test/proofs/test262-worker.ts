/** Runs one file of test262 in contexts of its own, plain and instrumented (see `test262.ts`). */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { type Context, createContext, Script } from 'node:vm'
import * as abi from '../../runtime/abi.ts'
import { configure } from '../../runtime/configure.ts'
import { type Renderer, renderers } from '../transparency/renderers.ts'
import { type Metadata, readMetadata } from './test262-metadata.ts'
import { Modules } from './test262-modules.ts'

export type Variant = 'plain' | 'instrumented'

/** One file of the suite in one of the modes that it is to be run in: what became of it. */
export interface Run extends Partial<Readonly<Record<Variant, string>>> {
  readonly mode: Mode
}

type Mode = 'sloppy' | 'strict' | 'module'

interface Request {
  readonly root: string
  readonly file: string
  readonly renderer: string
  /** Both unless told. */
  readonly variants?: readonly Variant[]
}

const ABI = Symbol.for('span-tree.abi')
const harness = new Map<string, Script>()

configure({ exporters: [{ export: () => {} }] as never, waitForTasks: 0 })
// A rejection that nobody handles is the program's affair, and shows in its outcome where it matters.
process.on('unhandledRejection', () => {})
process.on('uncaughtException', () => {})
process.on('message', (request: Request) => {
  void runAll(request).then(runs => process.send?.(runs))
})

async function runAll({ root, file, renderer: name, variants = ['plain', 'instrumented'] }: Request): Promise<Run[]> {
  const metadata = readMetadata(readFileSync(file, 'utf8'))
  const renderer = renderers.find(one => one.name === name)!
  const runs: Run[] = []
  for (const mode of modesOf(metadata)) {
    // What does not parse has no syntax tree to print.
    if (name === 'ast' && metadata.negative?.phase === 'parse') continue
    const outcomes: Partial<Record<Variant, string>> = {}
    for (const variant of variants) {
      outcomes[variant] = await outcome(root, { file, mode, metadata, render: renderAs(renderer, variant, mode) })
    }
    runs.push({ mode, ...outcomes })
  }
  return runs
}

function modesOf({ flags }: Metadata): readonly Mode[] {
  if (flags.has('module')) return ['module']
  if (flags.has('raw') || flags.has('noStrict')) return ['sloppy']
  return flags.has('onlyStrict') ? ['strict'] : ['sloppy', 'strict']
}

type Render = (code: string, path: string, format: 'script' | 'module') => string

function renderAs(renderer: Renderer, variant: Variant, mode: Mode): Render {
  return (code, path, format) => {
    const text = mode === 'strict' && format === 'script' ? `"use strict";\n${code}` : code
    const selection = { root: '/', include: ['**'], skipTrivial: false, location: 'undefined' }
    return renderer[variant](text, { ...selection, filename: path, format }).code
  }
}

interface Test {
  readonly file: string
  readonly mode: Mode
  readonly metadata: Metadata
  readonly render: Render
}

/** `pass`, or what went wrong. */
async function outcome(root: string, test: Test): Promise<string> {
  const { flags, includes, negative } = test.metadata
  const printed: string[] = []
  const context = realm(text => printed.push(text))
  const needed = flags.has('raw') ? [] : ['assert.js', 'sta.js', 'doneprintHandle.js', ...includes]
  for (const name of needed) harnessScript(root, name).runInContext(context)
  try {
    await run(test, context)
  } catch (error) {
    const description = describe(error)
    return negative && description.startsWith(negative.type) ? 'pass' : description
  }
  if (negative) return `no ${negative.type}`
  return flags.has('async') ? await asyncOutcome(printed) : 'pass'
}

async function run({ file, mode, render }: Test, context: Context): Promise<void> {
  const modules = new Modules(context, (code, path) => render(code, path, 'module'))
  if (mode === 'module') return modules.run(file)
  const script = new Script(render(readFileSync(file, 'utf8'), file, 'script'), {
    filename: 'test.js',
    importModuleDynamically: (specifier, _, attributes) => modules.import(specifier, file, attributes) as never,
  })
  script.runInContext(context, { timeout: 10_000 })
}

async function asyncOutcome(printed: readonly string[]): Promise<string> {
  for (let turn = 0; turn < 200 && printed.length === 0; turn++) await setImmediate()
  return printed.join('\n').replace(/^Test262:AsyncTestComplete$/, 'pass') || 'never done'
}

function describe(error: unknown): string {
  const { name, message } = (error ?? {}) as Partial<Error>
  return typeof name === 'string' ? `${name}: ${message}` : String(error)
}

function harnessScript(root: string, name: string): Script {
  let script = harness.get(name)
  if (!script) {
    script = new Script(readFileSync(join(root, 'harness', name), 'utf8'), { filename: name })
    harness.set(name, script)
  }
  return script
}

/** A context with what the suite asks of its host. */
function realm(print: (text: string) => void): Context {
  const context = createContext({ print })
  const global = new Script('globalThis').runInContext(context) as Record<PropertyKey, unknown>
  Object.defineProperty(global, ABI, { value: abi })
  global['$262'] = {
    global,
    createRealm: () => (realm(print) as { $262: unknown }).$262,
    evalScript: (code: string) => new Script(code).runInContext(context),
    detachArrayBuffer: (buffer: ArrayBuffer) => structuredClone(buffer, { transfer: [buffer] }),
    gc: () => global['gc'],
    agent: {},
    IsHTMLDDA: undefined,
  }
  return context
}
