import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { delimiter, dirname, join, relative } from 'node:path'
import { FILES, TITLES } from './excluded.ts'
import { reportOf } from './observer.ts'

/** Of every test, by `file › name`: `passed`, or how it failed. */
export type Outcomes = ReadonlyMap<string, string>

interface Report {
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly message: string
    readonly assertionResults: readonly {
      readonly fullName: string
      readonly status: string
      readonly failureMessages: readonly string[] | null
    }[]
  }[]
}

/** Runs the tests of a copy with vitest; `tests` are files, or folders of them, relative to it. */
export async function runTests(
  directory: string,
  tests: readonly string[] = [],
  signal?: AbortSignal,
): Promise<Outcomes> {
  const output = join(directory, 'report.json')
  const vitest = join(directory, 'node_modules/vitest/vitest.mjs')
  const excluded = [
    ...Object.keys(FILES).map(file => `--exclude=${file}`),
    `--testNamePattern=^(?!.*(${patternOf(Object.keys(TITLES))}))`,
  ]
  const args = [vitest, 'run', '--reporter=json', `--outputFile=${output}`, ...excluded, ...tests]
  const env = { ...environment(), OBSERVER_REPORT: reportOf(directory) }
  const child = spawn(process.execPath, args, { cwd: directory, env, stdio: 'ignore', ...(signal && { signal }) })
  await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve))
  return outcomesOf(JSON.parse(readFileSync(output, 'utf8')) as Report, directory)
}

function patternOf(names: readonly string[]): string {
  return names.map(name => name.replace(/[^\w ,]/g, '.')).join('|')
}

function outcomesOf({ testResults }: Report, directory: string): Outcomes {
  const outcomes = new Map<string, string>()
  for (const { name, status, message, assertionResults } of testResults) {
    const file = relative(directory, name)
    if (assertionResults.length === 0) outcomes.set(file, `${status} ${message}`)
    for (const one of assertionResults.filter(({ status }) => status !== 'skipped' && status !== 'pending')) {
      outcomes.set(`${file} › ${one.fullName}`, [one.status, ...(one.failureMessages ?? [])].join(' '))
    }
  }
  return outcomes
}

/** Without what vitest and npm set for this process. */
function environment(): NodeJS.ProcessEnv {
  const own = /^(npm_lifecycle|npm_package|VITEST|VITE_|TEST$|NODE_ENV$|NODE_OPTIONS$|SPAN_TREE|FORCE_COLOR$|INIT_CWD$)/
  const entries = Object.entries(process.env).filter(([name]) => !own.test(name))
  const path = [dirname(process.execPath), process.env['PATH']].join(delimiter)
  return { ...Object.fromEntries(entries), PATH: path }
}
