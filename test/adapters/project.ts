import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { onTestFinished } from 'vitest'
import { type Written, withoutTraces } from './traces.ts'

const repository = fileURLToPath(new URL('../..', import.meta.url))

export const REGISTER: string = pathToFileURL(join(repository, 'dist/transformer/adapters/register.js')).href
export const CLI: string = join(repository, 'dist/cli/main.js')

/** With the project's directory written as `<project>`. */
export interface Finished extends Written {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface Project {
  readonly directory: string
  /** Runs `node …` there; span-tree is not installed in the project. */
  node(parameters: readonly string[], env?: NodeJS.ProcessEnv, binary?: string): Promise<Finished>
  /** Runs `node --import span-tree/register …` there, recording nothing unless `env` says so. */
  register(parameters: readonly string[], env?: NodeJS.ProcessEnv, binary?: string): Promise<Finished>
  /** Runs `span-tree …` there. */
  cli(parameters: readonly string[], env?: NodeJS.ProcessEnv): Promise<Finished>
}

/** A directory of its own with these files, removed when the test ends. `packages` are linked from the repository. */
export function createProject(files: Readonly<Record<string, string>>, packages: readonly string[] = []): Project {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'span-tree-test-')))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(files)) write(join(directory, name), text)
  for (const name of packages) link(join(directory, 'node_modules', name), name)
  const node: Project['node'] = (parameters, env = {}, binary = process.execPath) =>
    run(directory, binary, parameters, env)
  return {
    directory,
    node,
    register: (parameters, env, binary) =>
      node(['--import', REGISTER, ...parameters], { SPAN_TREE: 'off', ...env }, binary),
    cli: (parameters, env) => node([CLI, ...parameters], env),
  }
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

function link(path: string, name: string): void {
  mkdirSync(dirname(path), { recursive: true })
  symlinkSync(name === 'span-tree' ? repository : join(repository, 'node_modules', name), path, 'junction')
}

function run(
  directory: string,
  binary: string,
  parameters: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Finished> {
  const child = spawn(binary, parameters, { cwd: directory, env: { ...plainEnvironment(), ...env } })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', text => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', text => (stderr += text))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) =>
      resolve({
        code,
        signal,
        ...withoutTraces(withoutDirectory(stdout, directory), withoutDirectory(stderr, directory)),
      }),
    )
  })
}

/** Without what vitest sets for the test's own process, and without colours. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const own = /^(VITEST|NODE_ENV$|NODE_OPTIONS$|NODE_V8_COVERAGE$|SPAN_TREE|FORCE_COLOR$|TEST$|DEV$|PROD$|SSR$|MODE$)/
  const entries = Object.entries(process.env).filter(([name]) => !own.test(name))
  return { ...Object.fromEntries(entries), NO_COLOR: '1' }
}

function withoutDirectory(text: string, directory: string): string {
  return text.replaceAll(pathToFileURL(directory).href, '<project>').replaceAll(directory, '<project>')
}
