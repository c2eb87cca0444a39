import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { toolchain } from '../../support/toolchain.ts'
import { type Comparison, compareRuns, outcomesOf, type SuiteRun } from './outcomes.ts'
import { runNode } from './run-node.ts'
import { REPOSITORY, readSpans, type WorkFolder, workFolder } from './work-folder.ts'

const INSTALLED = join(REPOSITORY, 'node_modules')
const CONFIG = join(import.meta.dirname, 'zod-vitest.config.ts')

/** What vitest's reporter `json` writes. */
interface Report {
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly message: string
    readonly assertionResults: readonly {
      readonly fullName: string
      readonly status: string
      readonly failureMessages: readonly string[]
    }[]
  }[]
}

/** Packages that some of zod's tests need, which nothing else here does. */
export function zodTools(): string {
  const dependencies = { '@seriousme/openapi-schema-validator': '2.9.0', '@web-std/file': '3.0.3', recheck: '4.5.0' }
  return join(toolchain('zod-tests', { dependencies }), 'node_modules')
}

/**
 * zod's own tests, plain and with every function of its sources and its tests instrumented. `files`: substrings of the
 * names of test files; all without. `tools`: folders of packages for it beside the repository's own.
 */
export async function compareZod(files: readonly string[], tools: readonly string[] = []): Promise<Comparison> {
  using folder = workFolder(join(INSTALLED, 'zod'), [...tools, INSTALLED])
  const plain = await runVitest(folder, files, {})
  return compareRuns(plain, await runVitest(folder, files, { PROOF_SPANS: folder.spansFile }))
}

async function runVitest(folder: WorkFolder, files: readonly string[], env: NodeJS.ProcessEnv): Promise<SuiteRun> {
  const report = `${folder.spansFile}.json`
  const output = ['--reporter=json', `--outputFile=${report}`]
  const vitest = join(INSTALLED, 'vitest/vitest.mjs')
  await runNode([vitest, 'run', '--config', CONFIG, ...output, ...files], folder.directory, env)
  const text = readFileSync(report, 'utf8').replaceAll(folder.directory, '')
  return { outcomes: outcomesOf(reported(JSON.parse(text))), spans: readSpans(folder) }
}

function* reported({ testResults }: Report): Generator<[name: string, outcome: string]> {
  for (const { name: file, status, message, assertionResults } of testResults) {
    // A file that could not be loaded has no tests.
    if (message !== '' || assertionResults.length === 0) yield [file, `${status} ${message}`]
    for (const test of assertionResults) {
      const outcome = test.status === 'passed' ? 'ok' : [test.status, ...test.failureMessages].join('\n')
      yield [`${file} › ${test.fullName}`, outcome]
    }
  }
}
