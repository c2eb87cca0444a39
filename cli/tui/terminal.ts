import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Instance, useApp } from 'ink'
import { openEditor } from './editor.ts'
import type { Program, Terminal } from './program.ts'
import type { SourceFiles } from './source-file.ts'
import type { Node } from './trace-document.ts'

type App = ReturnType<typeof useApp>

/** Milliseconds after which the process was not stopped, as where no shell could start it again. */
const NOT_STOPPED = 200

/** The terminal that ink draws on: given to an editor or to the shell meanwhile, and given back whatever happens. */
export class InkTerminal implements Terminal {
  /** What made it end, where nobody wanted that. */
  failure: Error | undefined
  readonly #program: Program
  readonly #files: SourceFiles
  #app: App | undefined
  #isSuspended = false

  constructor(program: Program, files: SourceFiles) {
    this.#program = program
    this.#files = files
  }

  readonly take = (app: App): void => {
    this.#app = app
  }

  /** Until the function that it returns is called, what would end the process gives the terminal back first. */
  guard(instance: Instance): () => void {
    const fail = (error: unknown): void => {
      this.failure ??= error instanceof Error ? error : new Error(String(error))
      instance.unmount()
    }
    const leave = (): void => instance.unmount()
    const stop = (): void => void this.suspend()
    process.on('uncaughtException', fail)
    process.on('unhandledRejection', fail)
    process.on('SIGTSTP', stop)
    process.stdin.on('end', leave)
    process.stdin.on('error', leave)
    process.stdout.on('error', leave)
    return () => {
      process.off('uncaughtException', fail)
      process.off('unhandledRejection', fail)
      process.off('SIGTSTP', stop)
      process.stdin.off('end', leave)
      process.stdin.off('error', leave)
    }
  }

  async edit(node: Node): Promise<string | undefined> {
    const place = this.#files.place(node)
    if (place === undefined) {
      const { site } = node.span
      return site ? `${site.file} is not on this machine, or not below this folder` : 'Its place is not known'
    }
    let trouble: string | undefined
    await this.#lent(() => {
      trouble = openEditor(process.env, place)
    })
    return trouble
  }

  /** By OSC 52, which works through ssh, where the terminal allows it. */
  copy(text: string): void {
    process.stdout.write(`\x1b]52;c;${Buffer.from(text).toString('base64')}\x07`)
  }

  suspend(): Promise<void> {
    return this.#lent(() => stopped())
  }

  quit(): void {
    this.#app?.exit()
  }

  async #lent(action: () => void | Promise<void>): Promise<void> {
    if (this.#isSuspended || this.#app === undefined) return
    this.#isSuspended = true
    // Not while React is at work on the key that asked for it.
    await nextTurn()
    try {
      await this.#app.suspendTerminal(action)
    } finally {
      this.#isSuspended = false
    }
    // It may have another size by now.
    const { columns, rows } = process.stdout
    this.#program.dispatch({ kind: 'resized', columns, rows })
  }
}

/** Stops this process and those that were started with it (`npx`), as Ctrl-Z does, until the shell goes on with them. */
function stopped(): Promise<void> {
  if (process.platform === 'win32') return Promise.resolve()
  const handlers = process.listeners('SIGTSTP')
  process.removeAllListeners('SIGTSTP')
  return new Promise<void>(resolve => {
    const goOn = (): void => {
      clearTimeout(timer)
      process.off('SIGCONT', goOn)
      for (const handler of handlers) process.on('SIGTSTP', handler)
      resolve()
    }
    const timer = setTimeout(goOn, NOT_STOPPED)
    process.on('SIGCONT', goOn)
    process.kill(0, 'SIGTSTP')
  })
}
