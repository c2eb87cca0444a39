import { expect, test } from 'vitest'
import { NODE_VERSIONS, nodeBinary } from '../support/node-versions.ts'
import { LinkedProject } from './project.ts'

const project = new LinkedProject()

const OUTPUT = `
hangs succeeded ended
  start started terminated
waits succeeded ended
  start started terminated
is done succeeded ended
  start succeeded ended
pool succeeded ended
  task succeeded ended
  task started terminated
start started terminated
end started
`.trimStart()

test.concurrent.each(NODE_VERSIONS)('what ran in a worker that was terminated is known, on Node %i', async major => {
  const { stdout } = await project.run(nodeBinary(major), ['terminated.mjs'])
  // A pool does not wait until its worker is gone.
  expect(stdout.replace('\ntask late', '\n  task')).toBe(OUTPUT)
})
