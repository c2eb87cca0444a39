import { setTimeout as sleep } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import type { Source } from '../../../cli/query/open-client.ts'
import type { Key } from '../../../cli/tui/keys.ts'
import { Program, type Terminal } from '../../../cli/tui/program.ts'
import { SourceFiles } from '../../../cli/tui/source-file.ts'
import { currentView, firstState, type State } from '../../../cli/tui/state.ts'
import { TraceSource } from '../../../cli/tui/trace-source.ts'
import { textWidth } from '../../../runtime/exporters/text-width.ts'
import { NOW } from './shop.ts'

/** Milliseconds. */
const PATIENCE = 20_000

export interface Options {
  readonly columns?: number
  readonly rows?: number
  readonly namespace?: string
  readonly cwd?: string
}

/** The terminal UI without a terminal: keys in, screens out, on a real store. */
export class Driver {
  readonly copied: string[] = []
  readonly edited: string[] = []
  isOver = false
  readonly #program: Program
  readonly #files: SourceFiles
  readonly #source: TraceSource

  constructor(origin: Source, namespace: string, { columns = 80, rows = 24, cwd = '/nowhere' }: Options) {
    this.#files = new SourceFiles(cwd)
    this.#source = new TraceSource(origin, this.#files)
    const state: State = { ...firstState('traces.db', namespace, { columns, rows }), now: NOW }
    this.#program = new Program(state, this.#source, this.#files, false)
    this.#program.start(this.#terminal())
    onTestFinished(async () => {
      this.#program.stop()
      await this.#source.close()
    })
  }

  get state(): State {
    return this.#program.state()
  }

  /** Presses keys one after the other, each when what the one before asked for is there. */
  async press(...keys: readonly Key[]): Promise<this> {
    for (const key of keys) {
      this.#program.press([key])
      await this.rest()
    }
    return this
  }

  /** Types a text into the line at the bottom. */
  async type(text: string): Promise<this> {
    this.#program.press([...text])
    await this.rest()
    return this
  }

  async look(): Promise<this> {
    this.#program.dispatch({ kind: 'changed', now: NOW })
    await this.rest()
    return this
  }

  resize(columns: number, rows: number): this {
    this.#program.dispatch({ kind: 'resized', columns, rows })
    return this
  }

  /** The lines of the screen, without blanks at their ends; throws where one is wider than the screen, or one is missing. */
  screen(): string {
    const lines = this.#program.frame().split('\n')
    const { columns, rows } = this.state
    if (lines.length !== rows) throw new Error(`${lines.length} lines on a screen of ${rows}`)
    const wide = lines.find(line => textWidth(line) > columns)
    if (wide !== undefined) throw new Error(`wider than ${columns} columns: ${wide}`)
    return lines.map(line => line.trimEnd()).join('\n')
  }

  /** The line that is chosen, without its marker. */
  chosen(): string {
    const line = this.screen()
      .split('\n')
      .find(each => each.startsWith('›'))
    return line?.slice(1).trim().replace(/ {2,}/g, '  ') ?? ''
  }

  /** The rows of the list, without the frame around it. */
  rows(): string[] {
    const lines = this.screen().split('\n').slice(3, -1)
    return lines.filter(Boolean).map(line => line.slice(1).trim().replace(/ {2,}/g, '  '))
  }

  foot(): string {
    return this.screen().split('\n').at(-1)?.replace('▏', '').trim() ?? ''
  }

  /** That is opened the next time. */
  lastNamespace(): Promise<string | undefined> {
    return this.#source.namespace()
  }

  /** Until nothing is being asked. */
  async rest(): Promise<void> {
    const end = performance.now() + PATIENCE
    while (this.#program.isAsking) {
      if (performance.now() > end) throw new Error(`no answer for ${currentView(this.state).kind}`)
      await sleep(1)
    }
  }

  #terminal(): Terminal {
    return {
      edit: async node => {
        const place = this.#files.place(node)
        this.edited.push(place ? `${place.path}:${place.line}:${place.column}` : 'nowhere')
        return undefined
      },
      copy: text => void this.copied.push(text),
      suspend: async () => {},
      quit: () => {
        this.isOver = true
      },
    }
  }
}

/** On a file, in a namespace (`default` unless told; empty: to be chosen). */
export async function drive(file: string, options: Options = {}): Promise<Driver> {
  return driveOn({ kind: 'file', file }, options)
}

export async function driveOn(origin: Source, options: Options = {}): Promise<Driver> {
  const driver = new Driver(origin, options.namespace ?? 'default', options)
  await driver.rest()
  return driver
}
