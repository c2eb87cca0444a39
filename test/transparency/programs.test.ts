import { describe, expect, it } from 'vitest'
import { checkPrograms } from './check-programs.ts'
import { renderers } from './renderers.ts'

const RUNS = Number(process.env['SPAN_TREE_PROGRAMS'] ?? 100)
const SEED = Number(process.env['SPAN_TREE_SEED'] ?? 1)

describe('generated programs cannot tell that every function of theirs is instrumented', () => {
  it.each(renderers.map(({ name }) => name))('by the %s renderer', async name => {
    const checked = await checkPrograms(name, RUNS, SEED)
    expect(checked.programs).toBe(RUNS)
    // TypeScript prints a program or two in a thousand, plain ones too, in a way that does not parse.
    expect(checked.invalid).toBeLessThanOrEqual(RUNS / 50)
    expect(checked.entries).toBeGreaterThan(RUNS * 5)
  })
})
