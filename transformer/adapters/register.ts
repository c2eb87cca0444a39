import module from 'node:module'
import { isMainThread } from 'node:worker_threads'
import type { Diagnostic } from '../plan.ts'
import { readRegisterOptions } from './register-options.ts'

/**
 * Milliseconds after which a program has loaded something that was meant, if anything was. A server is ended by a signal most often, and has no
 * end at which to say that none of the globs matched.
 */
const STARTED = 3_000

/**
 * `node --import span-tree/register app.ts`: instruments the program's own files as Node loads them, ES modules and
 * CommonJS, JavaScript and TypeScript. Workers and forked processes inherit it with `--import`.
 */
if ('registerHooks' in module) await register()
else explainOldNode()

async function register(): Promise<void> {
  const [{ createNodeHooks }, { reportDiagnostics }] = await Promise.all([
    import('./node-hooks.ts'),
    import('./report.ts'),
  ])
  const { options, diagnostics } = readRegisterOptions(process.env)
  reportDiagnostics(diagnostics)
  showOriginalPositions(options.include)
  const hooks = createNodeHooks(options)
  module.registerHooks(hooks)
  if (isWholeProgram()) {
    const unmatched = (): readonly Diagnostic[] => hooks.loader()?.unmatched() ?? []
    const globs = options.include.filter(pattern => !pattern.startsWith('!')).length
    setTimeout(() => {
      if (unmatched().length === globs) reportDiagnostics(unmatched())
    }, STARTED).unref()
    process.once('exit', () => reportDiagnostics(unmatched()))
  }
}

/** Instrumented lines keep their numbers; the maps make columns right too. A program that has set this keeps it. */
function showOriginalPositions(include: readonly string[]): void {
  if (process.sourceMapsEnabled) return
  const nodeModules = include.some(pattern => pattern.includes('node_modules'))
  module.setSourceMapsSupport(true, { nodeModules, generatedCode: false })
}

/** Only a program as a whole can tell that a glob matches nothing: a worker or a forked part of it loads other files. */
function isWholeProgram(): boolean {
  return isMainThread && process.channel === undefined
}

function explainOldNode(): void {
  process.stderr.write(
    `span-tree: nothing is traced: it needs Node 22.15 or newer, this is ${process.versions.node} (${process.execPath})\n`,
  )
}
