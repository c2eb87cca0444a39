/** Runs one file of test262 in contexts of its own, plain and instrumented (see `test262.ts`). */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { type Context, createContext, Script } from 'node:vm'
import * as abi from '../../runtime/abi.ts'
import { configure } from '../../runtime/configure.ts'
import { renderers } from '../transparency/renderers.ts'
import type { Comparison } from './test262.ts'
import { type Metadata, readMetadata } from './test262-metadata.ts'

interface Request {
  readonly root: string
  readonly file: string
  readonly renderer: string
}

const ABI = Symbol.for('span-tree.abi')
const harness = new Map<string, Script>()

configure({ exporters: [{ export: () => {} }] as never, waitForTasks: 0 })
// A rejection that nobody handles is the program's affair, and shows in its outcome where it matters.
process.on('unhandledRejection', () => {})
process.on('uncaughtException', () => {})
process.on('message', (request: Request) => {
  void compare(request).then(comparisons => process.send?.(comparisons))
})

async function compare({ root, file, renderer: name }: Request): Promise<readonly Comparison[]> {
  const source = readFileSync(file, 'utf8')
  const metadata = readMetadata(source)
  const renderer = renderers.find(one => one.name === name)!
  const comparisons: Comparison[] = []
  for (const mode of modesOf(metadata)) {
    const code = mode === 'strict' ? `"use strict";\n${source}` : source
    const options = { filename: '/test.js', root: '/', format: 'script', include: ['**'], skipTrivial: false } as const
    // What does not parse has no syntax tree to print.
    if (name === 'ast' && metadata.negative?.phase === 'parse') continue
    const [plain, instrumented] = [renderer.plain(code, options), renderer.instrumented(code, options)]
    comparisons.push({
      mode,
      plain: await outcome(root, plain.code, metadata),
      instrumented: await outcome(root, instrumented.code, metadata),
    })
  }
  return comparisons
}

function modesOf({ flags }: Metadata): readonly string[] {
  if (flags.has('module')) return []
  if (flags.has('raw') || flags.has('noStrict')) return ['sloppy']
  return flags.has('onlyStrict') ? ['strict'] : ['sloppy', 'strict']
}

/** `pass`, or what went wrong. */
async function outcome(root: string, code: string, metadata: Metadata): Promise<string> {
  const printed: string[] = []
  const context = realm(text => printed.push(text))
  const { flags, includes, negative } = metadata
  const needed = flags.has('raw') ? [] : ['assert.js', 'sta.js', 'doneprintHandle.js', ...includes]
  for (const name of needed) harnessScript(root, name).runInContext(context)
  try {
    const script = new Script(code, { filename: 'test.js' })
    script.runInContext(context, { timeout: 10_000 })
  } catch (error) {
    const description = describe(error)
    return negative && description.startsWith(negative.type) ? 'pass' : description
  }
  if (negative) return `no ${negative.type}`
  return flags.has('async') ? await asyncOutcome(printed) : 'pass'
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
