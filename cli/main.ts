#!/usr/bin/env node
import module from 'node:module'

// Nothing else may be imported here statically: an old Node must get as far as this line, and the commands use what
// it does not have.
if ('registerHooks' in module) {
  const program = await import('./program.ts').catch(explainMissing)
  // SPAN_TREE speaks of programs: a receiver that is told to publish to itself would never come to rest.
  const { collector } = await import('../runtime/shared.ts')
  collector.enabled = false
  await program?.runProgram(process.argv)
} else {
  refuse(`needs Node 22.15 or newer; this is Node ${process.versions.node} (${process.execPath})`)
}

/** What the commands need is optional, so that production images can leave it out (`npm ci --omit=optional`). */
function explainMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ERR_MODULE_NOT_FOUND' || !error.message.includes("'commander'")) throw error
  refuse('cannot run: its optional dependency commander is not installed. Install without --omit=optional')
}

function refuse(reason: string): void {
  process.stderr.write(`span-tree ${reason}\n`)
  process.exitCode = 1
}
