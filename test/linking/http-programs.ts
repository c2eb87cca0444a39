import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { transformSync } from 'esbuild'
import type { Attributes } from '../../model/index.ts'
import { instrument } from '../../transformer/instrument.ts'
import { nodeBinary } from '../support/node-versions.ts'
import { toolchain } from '../support/toolchain.ts'

const repository = fileURLToPath(new URL('../..', import.meta.url))
const sources = join(repository, 'test/projects/http')
const root = realpathSync(mkdtempSync(join(tmpdir(), 'span-tree-http-')))
process.once('exit', () => rmSync(root, { recursive: true, force: true }))

/** Where frameworks and clients are installed. */
export const packages: string = join(
  toolchain('http', {
    dependencies: {
      fastify: '5.12.8',
      express: '5.3.0',
      hono: '4.13.19',
      '@hono/node-server': '2.1.8',
      koa: '3.3.0',
      undici: '8.12.4',
      'undici-7': 'npm:undici@7.30.2',
      ws: '8.23.0',
    },
  }),
  'node_modules',
)

export type Format = 'module' | 'commonjs'

/** A span as `test/projects/http/kept.js` sends it. */
export interface KeptSpan {
  readonly traceId: string
  readonly remote: boolean
  /** The root of the part of the trace that was exported together. */
  readonly root: string
  readonly id: string
  readonly parentId?: string
  readonly name: string
  readonly kind: string
  readonly status: string
  readonly attributes: Attributes
}

/** The programs in `test/projects/http` as modules of one format; `traced`: with every function instrumented. Returns their folder. */
export function programs(format: Format, traced = true): string {
  const folder = join(root, `${format}-${traced}`)
  for (const name of readdirSync(packages).filter(each => !each.startsWith('.')))
    linkPackage(folder, name, join(packages, name))
  linkPackage(folder, 'span-tree', repository)
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: format }))
  for (const name of readdirSync(sources)) {
    const text = readFileSync(join(sources, name), 'utf8')
    const code = format === 'module' ? text : transformSync(text, { format: 'cjs', platform: 'node' }).code
    const filename = join(folder, name)
    const options = { include: ['**'], filename, root: folder, format } as const
    writeFileSync(filename, traced ? instrument(code, options).code : code)
  }
  return folder
}

function linkPackage(folder: string, name: string, target: string): void {
  const path = join(folder, 'node_modules', name)
  mkdirSync(dirname(path), { recursive: true })
  symlinkSync(target, path, 'junction')
}

/** A program in a process of its own, with which messages are exchanged. */
export class Running {
  readonly #child: ChildProcess
  readonly #messages: unknown[] = []
  #waiting: ((message: never) => void) | undefined
  #fail: ((error: Error) => void) | undefined
  /** What it has written; traces go to standard output in a container, and to standard error elsewhere. */
  output = ''

  constructor(folder: string, name: string, major: number) {
    const { PATH, HOME, TMPDIR } = process.env
    this.#child = fork(join(folder, name), {
      cwd: folder,
      execPath: nodeBinary(major),
      execArgv: [],
      env: { PATH, HOME, TMPDIR },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.setEncoding('utf8').on('data', text => (this.output += text))
    this.#child.on('message', message => this.#receive(message))
    // What it sent last may come after its exit.
    Promise.all([once(this.#child, 'disconnect'), once(this.#child, 'close')]).then(() =>
      this.#fail?.(new Error(`${name} has ended: ${this.output}`)),
    )
  }

  /** The next message. */
  async next<T>(): Promise<T> {
    if (this.#messages.length > 0) return this.#messages.shift() as T
    return new Promise<T>((resolve, reject) => {
      this.#waiting = resolve
      this.#fail = reject
    })
  }

  async ask<T>(message: object): Promise<T> {
    this.#child.send(message)
    return this.next()
  }

  /** Waits until it has ended by itself. */
  async ended(): Promise<void> {
    if (this.#child.exitCode === null) await once(this.#child, 'close')
  }

  kill(): void {
    this.#child.kill('SIGKILL')
  }

  #receive(message: unknown): void {
    const waiting = this.#waiting
    this.#waiting = undefined
    if (waiting) waiting(message as never)
    else this.#messages.push(message)
  }
}
