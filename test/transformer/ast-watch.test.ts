import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Project } from './ast-project.ts'

test('--watch instruments what it emits again', async () => {
  const project = new Project('esm')
  const compiler = ['node_modules/ts-patch/bin/tspc.js', '--watch', '--preserveWatchOutput']
  const child = spawn(process.execPath, compiler, { cwd: project.directory, stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  const rounds = async (count: number): Promise<void> => {
    while (output.split('Watching for file changes').length <= count)
      output += String((await once(child.stdout, 'data'))[0])
  }
  try {
    await rounds(1)
    expect(project.read('out/payments.js')).toContain("'verify'")
    appendFileSync(join(project.directory, 'src/payments.ts'), '\nexport const more = () => Math.random()\n')
    await rounds(2)
    expect(project.read('out/payments.js')).toContain("'more'")
  } finally {
    child.kill()
  }
})
