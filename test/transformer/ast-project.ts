import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll } from 'vitest'

const directories: string[] = []

afterAll(() => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true })
})

const repository = fileURLToPath(new URL('../..', import.meta.url))

export interface Outcome {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Names of spans, those inside indented, failed ones marked. */
export type TreeText = string

/** A project of `test/projects`, copied to a place of its own where the packages are installed that it needs. */
export class Project {
  readonly directory: string

  constructor(name: string) {
    this.directory = realpathSync(mkdtempSync(join(tmpdir(), `span-tree-${name}-`)))
    cpSync(join(repository, 'test/projects', name), this.directory, { recursive: true })
    const packages = join(this.directory, 'node_modules')
    mkdirSync(packages)
    symlinkSync(repository, join(packages, 'span-tree'))
    for (const each of ['typescript', 'ts-patch', 'reflect-metadata']) {
      symlinkSync(join(repository, 'node_modules', each), join(packages, each))
    }
    directories.push(this.directory)
  }

  /** Runs `tspc` as its own process, in the project's directory. */
  compile(...args: readonly string[]): Outcome {
    return this.node(['node_modules/ts-patch/bin/tspc.js', ...args])
  }

  node(args: readonly string[], env: Readonly<Record<string, string>> = {}): Outcome {
    const { VITEST: _vitest, NODE_ENV: _nodeEnv, ...rest } = process.env
    const options = { cwd: this.directory, encoding: 'utf8', env: { ...rest, ...env } } as const
    const { status, stdout, stderr } = spawnSync(process.execPath, [...args], options)
    return { status, stdout, stderr }
  }

  /** Runs a program; what it prints, and the trees of its traces. */
  run(path: string): { readonly lines: readonly string[]; readonly trees: readonly TreeText[] } {
    const { status, stdout, stderr } = this.node(['--enable-source-maps', path], { SPAN_TREE: 'json' })
    const lines = [...stdout.split('\n'), ...stderr.split('\n')].filter(line => line !== '')
    const traces = lines.filter(line => line.startsWith('{"traceId"'))
    if (status !== 0) throw new Error(`exit code ${status}:\n${stderr}`)
    return {
      lines: lines.filter(line => !traces.includes(line)),
      trees: traces.map(line => treeText((JSON.parse(line) as { root: JsonSpan }).root)),
    }
  }

  read(path: string): string {
    return readFileSync(join(this.directory, path), 'utf8')
  }
}

interface JsonSpan {
  readonly name: string
  readonly status: string
  readonly site?: { readonly file: string; readonly line: number; readonly column: number }
  readonly children: readonly JsonSpan[]
}

function treeText(span: JsonSpan, indent = ''): TreeText {
  const { site, status } = span
  const place = site ? ` ${site.file}:${site.line}:${site.column}` : ''
  const line = `${indent}${span.name}${place}${status === 'succeeded' ? '' : ` ${status}`}`
  return [line, ...span.children.map(child => treeText(child, `${indent}  `))].join('\n')
}
