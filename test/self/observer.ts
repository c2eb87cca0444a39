import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** What the instrumented copy imports in place of `span-tree/abi`, relative to the copy. Part of `dist`, so that it is packed. */
export const OBSERVER = 'dist/runtime/observer/abi.js'

/** Folders of `dist` that are the runtime. */
const RUNTIME = ['model', 'runtime']

/**
 * A second runtime beside the one that is instrumented, as it was built and with names of its own for globals, environment
 * variables and what is handed to threads: it sees what the first one does, and neither knows of the other. It links
 * nothing: of two that put themselves in front of `Worker` and HTTP each would see the hand of the other.
 */
export function writeObserver(copy: string): void {
  const folder = dirname(join(copy, OBSERVER))
  for (const part of RUNTIME) copyRenamed(join(copy, 'dist', part), join(folder, part))
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(copy, OBSERVER), ENTRY)
}

/** Where the processes of a copy's tests say how much the observer has seen in them. */
export function reportOf(copy: string): string {
  return join(copy, 'observed.jsonl')
}

export function observed(copy: string): { readonly traces: number; readonly spans: number } {
  const lines = existsSync(reportOf(copy)) ? readFileSync(reportOf(copy), 'utf8').trim().split('\n') : []
  const all = lines.map(line => JSON.parse(line) as { traces: number; spans: number })
  return all.reduce((sum, one) => ({ traces: sum.traces + one.traces, spans: sum.spans + one.spans }), {
    traces: 0,
    spans: 0,
  })
}

function copyRenamed(from: string, to: string): void {
  const files = readdirSync(from, { recursive: true, encoding: 'utf8' })
  for (const file of files.filter(name => name.endsWith('.js') && !name.startsWith('observer'))) {
    const code = readFileSync(join(from, file), 'utf8')
    const own = code
      .replace(/\n\/\/# sourceMappingURL=.*\s*$/, '')
      .replaceAll(/(?<=['`])span-tree/g, 'observer')
      .replaceAll('SPAN_TREE', 'OBSERVER')
      .replace('function wantsLinks(env) {', '$& return false')
    cpSync(join(from, file), join(to, file))
    writeFileSync(join(to, file), own)
  }
}

/**
 * Builds every tree, as an exporter does, and throws it away; adds no listener to the process, which some tests count,
 * unless it is asked to say how much it has seen.
 */
const ENTRY = `import { appendFileSync } from 'node:fs'
import { collector, shared } from './runtime/shared.js'
export * from './runtime/abi.js'

const count = ({ children, dropped = 0 }) => children.reduce((sum, child) => sum + count(child), 1 + dropped)
if (!shared.configured) {
  shared.configured = true
  const report = process.env['OBSERVER_REPORT']
  let seen = { traces: 0, spans: 0 }
  const say = () => {
    if (report && seen.traces > 0) appendFileSync(report, JSON.stringify(seen) + '\\n')
    seen = { traces: 0, spans: 0 }
  }
  collector.waitForTasks = 0
  collector.onFirstTrace = () => {}
  // Told as it goes: vitest may end its processes before they have ended by themselves.
  collector.exporters = [{ export({ root }) { seen.spans += count(root); if (++seen.traces === 20) say() } }]
  if (report) process.on('exit', () => { collector.flushSync(); say() })
}
`
