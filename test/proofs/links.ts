/**
 * Many generated traces through every pool, and through workers, processes, a pool and a queue at once, on every Node: `npm run proof:links`.
 * SPAN_TREE_SEEDS: how many of each.
 */
import { POOLS, runCrowd, runPool } from '../linking/pool-programs.ts'
import { LinkedProject } from '../linking/project.ts'
import { NODE_VERSIONS, nodeBinary } from '../support/node-versions.ts'

const SEEDS = Number(process.env['SPAN_TREE_SEEDS'] ?? 10)

const project = new LinkedProject()
let [spans, wrong, lost] = [0, 0, 0]
for (const major of NODE_VERSIONS) {
  for (const pool of POOLS) {
    for (let seed = 1; seed <= SEEDS; seed++) {
      const report = await runPool(project, nodeBinary(major), pool, { traces: 16, seed })
      spans += report.spans
      wrong += report.wrong.length
      if (report.wrong.length > 0) console.log(`Node ${major}, ${pool[0]}, seed ${seed}:`, report.wrong.slice(0, 3))
    }
    console.log(`Node ${major}: ${pool[0]} ${JSON.stringify(pool[1])}`)
  }
  for (let seed = 1; seed <= SEEDS; seed++) {
    const report = await runCrowd(project, nodeBinary(major), { traces: 12, forks: 3, seed })
    spans += report.spans
    lost += report.expected - report.spans
    wrong += report.wrong.length
    if (report.wrong.length > 0) console.log(`Node ${major}, all at once, seed ${seed}:`, report.wrong.slice(0, 3))
  }
  console.log(`Node ${major}: all at once`)
}
console.log(`${spans} spans, ${wrong} wrong parents, ${lost} lost`)
process.exitCode = wrong === 0 && lost === 0 && spans > 0 ? 0 : 1
