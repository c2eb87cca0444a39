import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { afterAll } from 'vitest'
import { ROOT } from '../support/imports.ts'

const directories: string[] = []

afterAll(() => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true })
})

/** An empty directory that is removed after the file's tests. */
function temporaryDirectory(name: string): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), `span-tree-${name}-`)))
  directories.push(directory)
  return directory
}

/** The path of the tarball that would be published, of `dist` as it stands. */
export function packTarball(): string {
  const directory = temporaryDirectory('pack')
  // `prepare` would build again, under the feet of the tests that run beside this one.
  const output = npm(ROOT, ['pack', '--ignore-scripts', '--json', '--pack-destination', directory])
  const packed = JSON.parse(output) as { filename: string }[] | Record<string, { filename: string }>
  return join(directory, Object.values(packed)[0]!.filename)
}

/** What npm prints; throws when it fails. It and all that it starts run on this process's Node. */
export function npm(directory: string, args: readonly string[]): string {
  return execFileSync('npm', [...args], {
    cwd: directory,
    env: environment(),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

/** A program's own project: `files` by their paths, contents as text. */
export function createProject(name: string, files: Readonly<Record<string, string>>): string {
  const directory = temporaryDirectory(name)
  for (const [path, text] of Object.entries(files)) {
    const file = join(directory, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
  return directory
}

export interface Outcome {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A command line as a user types it in the directory. */
export function shell(directory: string, command: string, env: Readonly<Record<string, string>> = {}): Outcome {
  const options = { cwd: directory, shell: true, encoding: 'utf8', env: { ...environment(), ...env } } as const
  const { status, stdout, stderr } = spawnSync(command, options)
  return { status, stdout, stderr }
}

/** Without what vitest and an npm around it set for this process. */
function environment(): NodeJS.ProcessEnv {
  const own = /^(npm_|VITEST|NODE_ENV$|NODE_OPTIONS$|SPAN_TREE|FORCE_COLOR$|INIT_CWD$)/
  const entries = Object.entries(process.env).filter(
    ([name]) => !own.test(name) || /^npm_config_(registry|cache|userconfig|prefer)/i.test(name),
  )
  const path = [dirname(process.execPath), process.env['PATH']].join(delimiter)
  return { ...Object.fromEntries(entries), PATH: path, NO_COLOR: '1', npm_config_prefer_offline: 'true' }
}
