import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { toolchain } from '../../support/toolchain.ts'

/** Of two packages that are used in tests only: a pseudo-terminal with binaries for all systems, and what xterm.js makes of its output. */
interface Pty {
  readonly pid: number
  write(data: string): void
  resize(columns: number, rows: number): void
  kill(signal?: string): void
  onData(listener: (data: string) => void): void
}

interface Emulator {
  write(data: string, done: () => void): void
  resize(columns: number, rows: number): void
  readonly buffer: {
    readonly active: {
      readonly type: 'normal' | 'alternate'
      readonly baseY: number
      getLine(row: number): { translateToString(trim: boolean): string } | undefined
    }
  }
}

const packages = { '@lydell/node-pty': '1.1.0', '@xterm/headless': '6.0.0' } as const
const installed = createRequire(join(toolchain('pty', { dependencies: packages }), 'package.json'))

function load<T>(name: keyof typeof packages): T {
  return installed(name) as T
}

const { spawn } = load<{ spawn(file: string, words: string[], options: object): Pty }>('@lydell/node-pty')
const { Terminal } = load<{ Terminal: new (options: object) => Emulator }>('@xterm/headless')

/** Milliseconds. */
const PATIENCE = 15_000

/** A shell in a pseudo-terminal, and the screen that a person would see. */
export class PseudoTerminal {
  /** All that was written to it, since it was emptied. */
  written = ''
  #columns: number
  #rows: number
  readonly #pty: Pty
  readonly #emulator: Emulator
  #pending = 0

  constructor(env: NodeJS.ProcessEnv, cwd: string, columns = 80, rows = 24) {
    this.#columns = columns
    this.#rows = rows
    this.#emulator = new Terminal({ cols: columns, rows, allowProposedApi: true })
    const options = { cols: columns, rows, cwd, env: { ...env, TERM: 'xterm-256color', PS1: '$ ' } }
    this.#pty = spawn('bash', ['--norc', '--noprofile', '-i'], options)
    this.#pty.onData(data => {
      this.written += data
      this.#pending++
      this.#emulator.write(data, () => this.#pending--)
    })
  }

  /** Ends the shell, and what runs in it. */
  close(): void {
    this.#pty.kill('SIGKILL')
  }

  press(...keys: readonly string[]): void {
    for (const key of keys) this.#pty.write(key)
  }

  /** A line for the shell. */
  run(line: string): void {
    this.press(`${line}\r`)
  }

  resize(columns: number, rows: number): void {
    this.#columns = columns
    this.#rows = rows
    this.#emulator.resize(columns, rows)
    this.#pty.resize(columns, rows)
  }

  /** Of the process that the shell has begun. */
  get child(): number {
    const words = ['-o', 'pid=', '--ppid', String(this.#pty.pid)]
    return Number(execFileSync('ps', words, { encoding: 'utf8' }).trim().split(/\s+/)[0])
  }

  get isAlternate(): boolean {
    return this.#emulator.buffer.active.type === 'alternate'
  }

  /** Whether the last word about the cursor was that it is to be seen. */
  get showsCursor(): boolean {
    return this.written.lastIndexOf('\u001b[?25h') >= this.written.lastIndexOf('\u001b[?25l')
  }

  screen(): string {
    const { active } = this.#emulator.buffer
    const lines = Array.from({ length: this.#rows }, (_, i) =>
      active.getLine(active.baseY + i)?.translateToString(true),
    )
    const shown = lines.map(line => (line ?? '').slice(0, this.#columns).trimEnd())
    return shown.join('\n').trimEnd()
  }

  /** Until the screen is so. Throws with the screen where it never is. */
  async until(wanted: RegExp | ((screen: string) => boolean)): Promise<string> {
    const isSo = typeof wanted === 'function' ? wanted : (screen: string): boolean => wanted.test(screen)
    const end = performance.now() + PATIENCE
    for (;;) {
      const screen = this.screen()
      if (this.#pending === 0 && isSo(screen)) return screen
      if (performance.now() > end) throw new Error(`the screen is never ${wanted}:\n${screen}`)
      await sleep(5)
    }
  }
}
