import { setImmediate } from 'node:timers/promises'
import { compileFunction, createContext, Script, SourceTextModule, SyntheticModule } from 'node:vm'
import * as abi from '../../runtime/abi.ts'
import type { InstrumentOptions } from '../../transformer/options.ts'
import { createHost, type Host } from './host.ts'
import type { Program } from './program-writer.ts'
import { type Rendered, type Renderer, text } from './renderers.ts'
import { Stacks } from './stacks.ts'

/** What can be observed of one run. */
export interface Observed {
  readonly entries: readonly string[]
}

export interface Compared {
  /** As the renderer prints it without spans, and as it stands: compilers' own maps are not always exact. */
  readonly plain: readonly Observed[]
  readonly instrumented: Observed
  readonly code: string
}

const FOLDER = '/programs/'

/** Runs a program as it is and with every function instrumented. `limit` is `Error.stackTraceLimit` meanwhile. */
export async function compareRuns(program: Program, renderer: Renderer, limit: number): Promise<Compared> {
  const { code, format } = program
  const filename = `${FOLDER}program.${format === 'module' ? 'mjs' : 'js'}`
  const options: InstrumentOptions = { filename, root: FOLDER, format, include: ['**'], skipTrivial: false }
  const instrumented = renderer.instrumented(code, options)
  const plain = [await observe(renderer.plain(code, options), program, filename, limit)]
  if (renderer !== text) plain.push(await observe({ code, map: null }, program, filename, limit))
  return { plain, instrumented: await observe(instrumented, program, filename, limit), code: instrumented.code }
}

async function observe(rendered: Rendered, program: Program, filename: string, limit: number): Promise<Observed> {
  // Both runs begin in a turn of their own, so that what lies below the program's frames is the same.
  await setImmediate()
  const stacks = new Stacks(filename, rendered.map)
  const before = { limit: Error.stackTraceLimit, prepare: Error.prepareStackTrace }
  Error.prepareStackTrace = stacks.prepare
  const host = createHost(stacks)
  const unhandled = (reason: unknown): void => host.log('unhandledRejection', reason)
  const handled = (): void => host.log('rejectionHandled', undefined)
  process.on('unhandledRejection', unhandled).on('rejectionHandled', handled)
  Error.stackTraceLimit = limit
  try {
    await start(rendered.code, program, filename, host)
  } catch (error) {
    host.log('failed', error)
  }
  await quiet(host)
  Object.assign(Error, { stackTraceLimit: before.limit, prepareStackTrace: before.prepare })
  process.off('unhandledRejection', unhandled).off('rejectionHandled', handled)
  return { entries: host.entries }
}

async function start(code: string, { format }: Program, filename: string, host: Host): Promise<void> {
  if (format === 'script') return runScript(code, filename, host)
  Object.assign(globalThis, host.globals)
  if (format === 'module') return runModule(code, filename, host)
  const require = (id: string): unknown => (id === 'span-tree/abi' ? abi : process.getBuiltinModule(id))
  const module = { exports: {} }
  const parameters = ['require', 'module', 'exports', '__filename']
  const main = compileFunction(code, parameters, { filename })
  host.start()
  main.call(module.exports, require, module, module.exports, filename)
}

function runScript(code: string, filename: string, host: Host): void {
  const context = createContext({ ...host.globals })
  new Script('Error').runInContext(context).prepareStackTrace = Error.prepareStackTrace
  const global = new Script('globalThis').runInContext(context) as object
  Object.defineProperty(global, Symbol.for('span-tree.abi'), { value: abi })
  const script = new Script(code, { filename })
  host.start()
  script.runInContext(context)
}

async function runModule(code: string, filename: string, host: Host): Promise<void> {
  const module = new SourceTextModule(code, {
    identifier: filename,
    initializeImportMeta: meta => void (meta.url = filename),
  })
  await module.link(id => (id === 'span-tree/abi' ? abiModule : builtinModule(id)))
  host.start()
  module.evaluate().catch((error: unknown) => host.log('module failed', error))
}

/** What other tools' code imports. */
function builtinModule(id: string): SyntheticModule {
  return synthetic({ default: process.getBuiltinModule(id) })
}

function synthetic(exports: object): SyntheticModule {
  return new SyntheticModule(Object.keys(exports), function () {
    for (const [name, value] of Object.entries(exports)) this.setExport(name, value)
  })
}

const abiModule = synthetic(abi)
await abiModule.link(() => abiModule)
await abiModule.evaluate()

/** Waits until some turns of the event loop have brought nothing new. */
async function quiet(host: Host): Promise<void> {
  for (let calm = 0, seen = -1; calm < 3; calm = host.entries.length === seen ? calm + 1 : 0) {
    seen = host.entries.length
    await setImmediate()
  }
}
