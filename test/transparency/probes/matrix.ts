import { Pool } from '../../support/worker-pool.ts'
import { PROBES, type Probe } from './index.ts'
import type { Verdict } from './probe-worker.ts'
import { TOOLS, type Tool } from './tools.ts'

/** Milliseconds that a probe may take, its process included. */
const TIME = 30_000

export interface Judged {
  readonly tool: Tool
  readonly probe: Probe
  readonly verdict: Verdict
}

/** Runs every probe with every tool. */
export async function judgeAll(): Promise<readonly Judged[]> {
  const worker = new URL('./probe-worker.ts', import.meta.url)
  const pool = new Pool(worker, undefined, TIME, ['--experimental-vm-modules'])
  const judged: Judged[] = []
  const jobs = TOOLS.flatMap(tool => PROBES.map(probe => ({ tool: tool.name, probe: probe.name })))
  await pool.run(jobs, (job, answer) => {
    const verdict = (answer as Verdict | undefined) ?? { outcome: 'refused', how: 'its process ended, or hung' }
    const [tool, probe] = [TOOLS.find(one => one.name === job['tool'])!, PROBES.find(one => one.name === job['probe'])!]
    judged.push({ tool, probe, verdict })
  })
  return judged
}
