#!/usr/bin/env node
import module from 'node:module'

// Nothing else may be imported here statically: an old Node must get as far as this line, and the commands use what
// it does not have.
if ('registerHooks' in module) {
  const { runProgram } = await import('./program.ts')
  await runProgram(process.argv)
} else {
  process.stderr.write(
    `span-tree needs Node 22.15 or newer; this is Node ${process.versions.node} (${process.execPath})\n`,
  )
  process.exitCode = 1
}
