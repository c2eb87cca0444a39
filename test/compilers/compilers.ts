import { type ChildProcessByStdio, spawn } from 'node:child_process'
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll } from 'vitest'
import { toolchain } from '../support/toolchain.ts'

const repository = fileURLToPath(new URL('../..', import.meta.url))
export const CLI: string = join(repository, 'dist/cli/main.js')
const TSPC = 'node_modules/ts-patch/bin/tspc.js'

/** One of TypeScript's compilers, as a project would have it installed. */
export interface Compiler {
  readonly version: '5.9' | '6' | '7.1'
  /** The command that instruments. */
  readonly command: readonly string[]
  /** The directory of its packages. */
  packages(): string
}

export const TYPESCRIPT_5: Compiler = {
  version: '5.9',
  command: [TSPC],
  packages: () => installed('typescript-5.9', { typescript: '5.9.3', 'ts-patch': '3.3.0' }),
}
export const TYPESCRIPT_6: Compiler = {
  version: '6',
  command: [TSPC],
  packages: () => join(repository, 'node_modules'),
}
export const TYPESCRIPT_7: Compiler = {
  version: '7.1',
  command: [CLI, 'tsc'],
  packages: () => installed('typescript-7.1', { typescript: '7.1.0-beta' }),
}
export const COMPILERS: readonly Compiler[] = [TYPESCRIPT_5, TYPESCRIPT_6, TYPESCRIPT_7]

function installed(name: string, dependencies: Readonly<Record<string, string>>): string {
  return join(toolchain(name, { dependencies }), 'node_modules')
}

const directories: string[] = []

afterAll(() => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true })
})

export interface Outcome {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

type Environment = Readonly<Record<string, string>>

/** A project of `test/projects` in a place of its own, with a compiler installed. */
export class CompiledProject {
  readonly directory: string
  readonly compiler: Compiler

  constructor(name: string, compiler: Compiler) {
    this.compiler = compiler
    this.directory = realpathSync(mkdtempSync(join(tmpdir(), `span-tree-${name}-`)))
    directories.push(this.directory)
    cpSync(join(repository, 'test/projects', name), this.directory, { recursive: true })
    mkdirSync(join(this.directory, 'node_modules'))
    this.#link('span-tree', repository)
    this.#link('reflect-metadata', join(repository, 'node_modules/reflect-metadata'))
    for (const each of ['typescript', 'ts-patch']) {
      const path = join(compiler.packages(), each)
      if (existsSync(path)) this.#link(each, path)
    }
  }

  #link(name: string, target: string): void {
    symlinkSync(target, join(this.directory, 'node_modules', name), 'junction')
  }

  /** Compiles with instrumentation, as its own process. */
  compile(...args: readonly string[]): Promise<Outcome> {
    return this.node([...this.compiler.command, ...args])
  }

  /** Compiles as the compiler does without us. */
  compilePlain(...args: readonly string[]): Promise<Outcome> {
    return this.node(['node_modules/typescript/bin/tsc', ...args])
  }

  node(args: readonly string[], env: Environment = {}): Promise<Outcome> {
    const child = this.start(args, env)
    let [stdout, stderr] = ['', '']
    child.stdout.setEncoding('utf8').on('data', text => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', text => (stderr += text))
    return new Promise((resolve, reject) => {
      child.once('error', reject)
      child.once('close', status => resolve({ status, stdout: this.#neutral(stdout), stderr: this.#neutral(stderr) }))
    })
  }

  start(args: readonly string[], env: Environment = {}): ChildProcessByStdio<null, Readable, Readable> {
    const own = /^(VITEST|NODE_ENV$|NODE_OPTIONS$|SPAN_TREE|FORCE_COLOR$)/
    const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name)))
    const options = { cwd: this.directory, env: { ...inherited, NO_COLOR: '1', ...env } }
    return spawn(process.execPath, [...args], { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
  }

  #neutral(text: string): string {
    return text.replaceAll(pathToFileURL(this.directory).href, '<project>').replaceAll(this.directory, '<project>')
  }

  read(path: string): string {
    return readFileSync(join(this.directory, path), 'utf8')
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.directory, path)), { recursive: true })
    writeFileSync(join(this.directory, path), text)
  }

  remove(path: string): void {
    rmSync(join(this.directory, path), { recursive: true, force: true })
  }

  /** Replaces part of a file. Throws where that part is not there. */
  edit(path: string, from: string, to: string): void {
    const text = this.read(path)
    if (!text.includes(from)) throw new Error(`${path} has no ${from}`)
    this.write(path, text.replace(from, to))
  }

  /** Changes compiler options of the tsconfig; undefined takes one away. */
  configure(options: Readonly<Record<string, unknown>>): void {
    const config = JSON.parse(this.read('tsconfig.json')) as { compilerOptions: object }
    this.write(
      'tsconfig.json',
      JSON.stringify({ ...config, compilerOptions: { ...config.compilerOptions, ...options } }),
    )
  }

  /** Paths of what lies below a directory. */
  files(pattern = 'out/**/*.*'): readonly string[] {
    return globSync(pattern, { cwd: this.directory }).sort()
  }

  /** Contents by path. */
  contents(pattern: string): Readonly<Record<string, string>> {
    return Object.fromEntries(this.files(pattern).map(path => [path, this.read(path)]))
  }

  /** Runs a program of the project: what it prints, and its trees. */
  async run(...args: readonly string[]): Promise<Run> {
    const { status, stdout, stderr } = await this.node(['--enable-source-maps', ...args], { SPAN_TREE: 'json' })
    const lines = `${stdout}\n${stderr}`.split('\n').filter(line => line !== '')
    const traces = lines.filter(line => line.startsWith('{"traceId"'))
    if (status !== 0) throw new Error(`exit code ${status}:\n${stderr}`)
    const trees = traces.map(line => treeText((JSON.parse(line) as { root: JsonSpan }).root))
    return { lines: lines.filter(line => !traces.includes(line)), trees }
  }
}

export interface Run {
  readonly lines: readonly string[]
  readonly trees: readonly string[]
}

interface JsonSpan {
  readonly name: string
  readonly status: string
  readonly site?: { readonly id?: string; readonly file: string; readonly line: number; readonly column: number }
  readonly children: readonly JsonSpan[]
}

function treeText({ name, status, site, children }: JsonSpan, indent = ''): string {
  const { id, ...place } = site ?? { file: '' }
  const line = `${indent}${name} ${[id ?? [], Object.values(place).join(':')].flat().join(' ')}`
  const lines = children.map(child => treeText(child, `${indent}  `))
  return [status === 'succeeded' ? line : `${line} ${status}`, ...lines].join('\n')
}
