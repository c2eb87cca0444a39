import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { instrument } from 'span-tree/transformer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NODE_VERSIONS, nodeBinary } from '../support/node-versions.ts'
import { generateProgram, plain, type Style } from './generated-program.ts'

const PROGRAMS = Number(process.env['SPAN_TREE_PROGRAMS'] ?? 120)
// Among these seeds is one of a late root that is a generator, closed early and never ended.
const FIRST_SEED = Number(process.env['SPAN_TREE_SEED'] ?? 5_200)
const here = fileURLToPath(new URL('.', import.meta.url))

const HELPERS = Object.keys(await import('./helpers.mjs' as string)).join(', ')
const TRACED: Style = { traced: plain }
const ORACLE: Style = {
  traced(name, kind, body) {
    const star = kind.endsWith('generator') ? '*' : ''
    const fn = `(${kind.startsWith('async') ? 'async ' : ''}function${star} () {\n${body}\n})`
    return star
      ? `function ${name}(id) { return $stepsOf(id, '${kind}', ${fn}()) }`
      : `function ${name}(id) { return $call(id, '${kind}', ${fn}) }`
  },
}

let folder: string

beforeAll(() => {
  // Inside the package, so that the programs find `span-tree/abi` by its own name.
  mkdirSync(`${here}.generated`, { recursive: true })
  folder = mkdtempSync(`${here}.generated/programs-`)
  for (let i = 0; i < PROGRAMS; i++) {
    const seed = FIRST_SEED + i
    const helpers = `import { ${HELPERS} } from '../../helpers.mjs'\n`
    const traced = instrument(helpers + generateProgram(seed, TRACED), {
      filename: `${folder}/traced-${i}.mjs`,
      root: folder,
      include: ['**'],
      functions: ['f*', '!*›*'],
      skipTrivial: false,
    })
    expect(traced.refused, `seed ${seed}`).toEqual([])
    writeFileSync(`${folder}/traced-${i}.mjs`, traced.code)
    const oracle = `import { call as $call, steps as $stepsOf, $id } from '../../oracle.mjs'\n`
    writeFileSync(`${folder}/oracle-${i}.mjs`, helpers + oracle + generateProgram(seed, ORACLE))
  }
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('parents, against an oracle of one AsyncLocalStorage.run a call', () => {
  it.each(NODE_VERSIONS)('are never wrong on Node %i', major => compare(nodeBinary(major), {}))

  it('are never wrong by the public interface of AsyncLocalStorage alone', () =>
    compare(process.execPath, { SPAN_TREE_CONTEXT: 'public' }))
})

async function compare(node: string, env: NodeJS.ProcessEnv): Promise<void> {
  const { stdout } = await promisify(execFile)(node, [`${here}driver.mjs`, folder, String(PROGRAMS)], {
    maxBuffer: 1 << 28,
    timeout: 120_000,
    env: { ...process.env, ...env },
  })
  const report = JSON.parse(stdout) as { edges: number; wrong: unknown[] }
  expect(report.wrong.slice(0, 10)).toEqual([])
  expect(report.edges).toBeGreaterThan(PROGRAMS * 5)
}
