import fc from 'fast-check'
import { Pool } from '../support/worker-pool.ts'
import type { Answer, Request } from './program-worker.ts'
import { writeProgram } from './program-writer.ts'

export interface Checked {
  programs: number
  entries: number
  /** Programs that do not parse. */
  invalid: number
  /** What the last program was made of that did not end in time. */
  unanswered?: readonly number[]
}

/** Numbers that a program is made of; see `choices.ts`. */
const numbers: fc.Arbitrary<number[]> = fc.array(fc.nat(255), { minLength: 1, maxLength: 2_500, size: 'max' })

/** Milliseconds for which a program that can tell is made smaller. */
const SHRINKING = 20_000

/**
 * Checks that programs cannot tell whether they are instrumented. Throws with the smallest program found that can and
 * its two logs.
 */
export async function checkPrograms(renderer: string, runs: number, seed: number): Promise<Checked> {
  const pool = new Pool(new URL('./program-worker.ts', import.meta.url), 1, 10_000, ['--experimental-vm-modules'])
  const checked: Checked = { programs: 0, entries: 0, invalid: 0 }
  let deadline = Number.POSITIVE_INFINITY
  const property = fc.asyncProperty(numbers, async choice => {
    if (performance.now() > deadline) return
    const request: Request = { numbers: choice, renderer }
    const answer = (await pool.ask({ ...request })) as Answer | undefined
    if (answer === undefined) return void (checked.unanswered = choice)
    count(checked, answer)
    if (answer.difference === undefined) return
    deadline = Math.min(deadline, performance.now() + SHRINKING)
    throw new Error(explain(answer))
  })
  try {
    await fc.assert(property, { numRuns: runs, seed, includeErrorInReport: true })
  } finally {
    pool.close()
  }
  if (checked.unanswered) throw new Error(`no answer in time:\n${writeProgram(checked.unanswered).code}`)
  return checked
}

function count(checked: Checked, { entries, invalid }: Answer): void {
  checked.programs++
  checked.entries += entries
  if (invalid) checked.invalid++
}

function explain({ program, instrumented, difference }: Answer): string {
  return `the program can tell that it is instrumented\n\n  ${difference}\n\n${program}\n\n${instrumented}`
}
