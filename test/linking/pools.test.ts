import { describe, expect, test } from 'vitest'
import { NODE_VERSIONS, nodeBinary } from '../support/node-versions.ts'
import { POOLS, runPool } from './pool-programs.ts'
import { LinkedProject } from './project.ts'

const project = new LinkedProject()

// All of them on this Node; on the others one of each kind, and `npm run proof:links` more.
const few = POOLS.filter(([name], i) => POOLS.findIndex(([other]) => other === name) === i)

describe.each(NODE_VERSIONS)('on Node %i', major => {
  test.each(nodeBinary(major) === process.execPath ? POOLS : few)(
    'a task of %s %o is below the span that enqueued it',
    async (...pool) => {
      const report = await runPool(project, nodeBinary(major), pool, { traces: 4, seed: major })
      expect(report.wrong).toEqual([])
      expect(report.linked).toBeGreaterThan(40)
      expect(report.queued).toBe(report.linked)
      expect(report.late).toBe(0)
    },
  )
})
