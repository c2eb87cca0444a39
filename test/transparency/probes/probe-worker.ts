/** Runs probes, as they are and instrumented by a tool, in a process of their own. */
import { tracingChannel } from 'node:diagnostics_channel'
import { configure } from '../../../runtime/configure.ts'
import { compareRuns, type Observed } from '../run-program.ts'
import { PROBES, type Probe } from './index.ts'
import { TOOLS } from './tools.ts'

export interface Request {
  readonly tool: string
  readonly probe: string
}

/** Of a probe and a tool. */
export interface Verdict {
  readonly outcome: 'same' | 'differs' | 'refused'
  /** What differs first, or why nothing ran. */
  readonly how?: string
}

configure({ exporters: [{ export: tree => void JSON.stringify(tree.root) }], waitForTasks: 0 })
// Where nobody listens, code-transformer's code takes a way of its own.
const deaf = (): void => {}
tracingChannel('orchestrion:probe:probe').subscribe({
  ...{ start: deaf, end: deaf, asyncStart: deaf, asyncEnd: deaf, error: deaf },
})

process.on('message', (request: Request) => void judge(request).then(verdict => process.send?.(verdict)))

async function judge({ tool: name, probe: about }: Request): Promise<Verdict> {
  const tool = TOOLS.find(one => one.name === name)!
  const probe = PROBES.find(one => one.name === about)!
  try {
    const { plain, instrumented } = await compareRuns(probe, tool, 10)
    return verdictOn(plain, instrumented, probe)
  } catch (error) {
    return { outcome: 'refused', how: String(error) }
  }
}

function verdictOn(plain: readonly Observed[], instrumented: Observed, probe: Probe): Verdict {
  const wanted = plain.map(run => seen(run, probe))
  const actual = seen(instrumented, probe)
  if (wanted.some(entries => entries.join('\n') === actual.join('\n'))) return { outcome: 'same' }
  const failure = actual.find(entry => /^(module )?failed: /.test(entry))
  if (failure !== undefined && actual.length === 1) return { outcome: 'refused', how: failure }
  const expected = wanted[0] ?? []
  const at = expected.findIndex((entry, i) => entry !== actual[i])
  const i = at < 0 ? expected.length : at
  return { outcome: 'differs', how: `${expected[i] ?? 'nothing'} → ${actual[i] ?? 'nothing'}` }
}

/** What was logged, without the ticks where they are not what the probe is about. */
function seen({ entries }: Observed, { ticks }: Probe): string[] {
  return ticks ? [...entries] : entries.map(entry => entry.replace(/^\d+ /, ''))
}
