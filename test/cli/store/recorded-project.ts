import { type ChildProcessWithoutNullStreams, execFile, execFileSync, spawn } from 'node:child_process'
import { copyFileSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, onTestFinished } from 'vitest'
import { CLI } from '../../adapters/project.ts'
import { recordedLines } from './recorded.ts'

export interface Answer {
  readonly stdout: string
  readonly stderr: string
  readonly code: number
}

export interface RecordedProject {
  readonly directory: string
  readonly database: string
  /** `span-tree …` there, on the database. */
  ask(...parameters: string[]): Promise<Answer>
}

/** Made once for each file of tests, and copied for each test. */
const template = realpathSync(mkdtempSync(join(tmpdir(), 'span-tree-recorded-')))

beforeAll(() => {
  writeFileSync(join(template, 'lines.jsonl'), recordedLines())
  execFileSync(process.execPath, [CLI, 'import', 'lines.jsonl'], {
    cwd: template,
    env: environmentIn(template),
    stdio: 'pipe',
  })
})
afterAll(() => rmSync(template, { recursive: true, force: true }))

/** A database with three traces of two apps, and `lines.jsonl`, of which it was made. */
export function recordedProject(): RecordedProject {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'span-tree-test-')))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  for (const name of ['lines.jsonl', 'traces.db']) copyFileSync(join(template, name), join(directory, name))
  const env = environmentIn(directory)
  const ask = (...parameters: string[]): Promise<Answer> =>
    new Promise(resolve => {
      execFile(process.execPath, [CLI, ...parameters], { cwd: directory, env }, (error, stdout, stderr) =>
        resolve({ stdout, stderr, code: Number(error?.code ?? 0) }),
      )
    })
  return { directory, database: join(directory, 'traces.db'), ask }
}

export function environmentIn(directory: string): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env
  return { PATH, HOME, TZ: 'UTC', NO_COLOR: '1', SPAN_TREE_DB: join(directory, 'traces.db') }
}

/** A `span-tree …` that goes on by itself, ended with the test. */
export function spanTreeBeside(
  { directory }: RecordedProject,
  ...parameters: string[]
): ChildProcessWithoutNullStreams {
  const child = spawn(process.execPath, [CLI, ...parameters], { cwd: directory, env: environmentIn(directory) })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

/** Lines of its standard output, as they come. */
export function linesOf(child: ChildProcessWithoutNullStreams): AsyncIterator<string> {
  return createInterface({ input: child.stdout })[Symbol.asyncIterator]()
}

/** The URL of a receiver that serves the project's database until the test ends. */
export async function serving(project: RecordedProject): Promise<string> {
  const { value = '' } = await linesOf(spanTreeBeside(project, 'serve', '--port', '0')).next()
  const [url] = /http:\/\/[\d.:]+/.exec(value) ?? []
  if (url === undefined) throw new Error(`the receiver did not say where it is: ${value}`)
  return url
}
