import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { instrument } from 'span-tree/transformer'
import type { Workload } from './workload.ts'

const source = new URL('program.ts', import.meta.url)
const folder = new URL('../.generated/', import.meta.url)

/** The program with every function instrumented, as `node --import span-tree/register` would load it. */
export async function load(): Promise<Workload> {
  const { code } = instrument(readFileSync(source, 'utf8'), {
    filename: source.pathname,
    include: ['**'],
    skipTrivial: false,
  })
  mkdirSync(folder, { recursive: true })
  const target = new URL(`program-${process.pid}.ts`, folder)
  writeFileSync(target, code)
  return (await import(target.href)) as Workload
}
