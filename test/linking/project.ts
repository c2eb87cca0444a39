import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ROOT } from '../support/imports.ts'
import { toolchain } from '../support/toolchain.ts'

/** Milliseconds; only a program that hangs takes as long. */
const MAX_TIME = 60_000

const POOLS = { piscina: '5.3.2', tinypool: '2.2.0', workerpool: '10.0.3', poolifier: '5.3.2', pino: '10.4.0' }
const QUEUES = { 'p-queue': '10.0.0', 'p-limit': '7.3.3' }

export interface Ran {
  readonly stdout: string
  readonly stderr: string
}

/** A folder with the programs of this folder, in which they find `span-tree` and the pools. Removed when the process ends. */
export class LinkedProject {
  readonly directory: string = realpathSync(mkdtempSync(join(tmpdir(), 'span-tree-links-')))
  #runs = 0

  constructor() {
    process.once('exit', () => rmSync(this.directory, { recursive: true, force: true }))
    cpSync(fileURLToPath(new URL('programs', import.meta.url)), this.directory, { recursive: true })
    writeFileSync(join(this.directory, 'package.json'), '{ "type": "module" }')
    mkdirSync(join(this.directory, 'node_modules'))
    this.#linkAll(toolchain('links', { dependencies: POOLS }))
    this.#linkAll(toolchain('queues', { dependencies: QUEUES }))
    this.#link('span-tree', ROOT)
  }

  #linkAll(folder: string): void {
    const packages = join(folder, 'node_modules')
    for (const name of readdirSync(packages)) if (!name.startsWith('.')) this.#link(name, join(packages, name))
  }

  #link(name: string, target: string): void {
    symlinkSync(target, join(this.directory, 'node_modules', name), 'junction')
  }

  write(files: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(this.directory, name), text)
  }

  /** Runs one of the programs; rejects when it fails. */
  run(node: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ran> {
    const { HOME, TMPDIR } = process.env
    const TREES_FILE = join(this.directory, `trees-${++this.#runs}`)
    const options = {
      cwd: this.directory,
      env: { HOME, TMPDIR, PATH: dirname(node), TREES_FILE, ...env },
      timeout: MAX_TIME,
      killSignal: 'SIGKILL',
    } as const
    return new Promise((resolve, reject) => {
      execFile(node, args, options, (error, stdout, stderr) => {
        if (error) reject(new Error(`${args.join(' ')}: ${error.message}\n${stdout}\n${stderr}`))
        else resolve({ stdout, stderr })
      })
    })
  }
}
