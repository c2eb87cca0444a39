import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import type { NativeApi } from '../../transformer/adapters/typescript-7/api.ts'
import { type Emitted, InstrumentedProgram } from '../../transformer/adapters/typescript-7/instrumented-program.ts'
import { locateInEntry } from '../../transformer/adapters/typescript-7/plugin-entry.ts'
import type { NativeProject } from '../../transformer/adapters/typescript-7/project.ts'
import { diagnostic, formatDiagnostic } from '../../transformer/diagnostics.ts'
import type { Diagnostic } from '../../transformer/plan.ts'

/** Instruments what projects emit, as often as it is asked to. */
export class NativeCompilation {
  readonly #api: NativeApi
  readonly #cwd: string
  readonly #listsFiles: boolean
  /** What was said in the last round is not said again: in watch mode there are many. */
  #said: ReadonlySet<string> = new Set()

  constructor(api: NativeApi, cwd: string, listsFiles: boolean) {
    this.#api = api
    this.#cwd = cwd
    this.#listsFiles = listsFiles
  }

  /** The program of a project; undefined, with a line, where the compiler refuses the project's options. */
  program(project: NativeProject): InstrumentedProgram | undefined {
    const program = new InstrumentedProgram(this.#api, project)
    if (!program.hasWrongOptions()) return program
    program.dispose()
    return undefined
  }

  /** Writes the JavaScript of projects. Returns whether something is wrong with how they are configured. */
  round(projects: readonly NativeProject[]): boolean {
    const found = projects.flatMap(project => {
      const program = this.program(project)
      if (!program) return [wrongOptions(project)]
      const emitted = program.isBlockedByErrors() ? undefined : program.emit()
      program.dispose()
      if (emitted) this.write(emitted)
      return diagnosticsOf(project, emitted)
    })
    this.report(found)
    return found.some(each => each.severity === 'error' && each.code !== 'SPT1001')
  }

  /** Writes what differs from what is there, so that whoever watches the files sees changes only. */
  write({ files }: Emitted): void {
    for (const [path, text] of files) {
      if (textOf(path) !== text) {
        mkdirSync(dirname(path), { recursive: true })
        writeFileSync(path, text)
      }
      if (this.#listsFiles) process.stdout.write(`TSFILE:  ${path}\n`)
    }
  }

  report(diagnostics: readonly Diagnostic[]): void {
    const lines = new Set(diagnostics.map(each => formatDiagnostic({ ...each, file: this.#shown(each.file) })))
    for (const line of lines) if (!this.#said.has(line)) process.stderr.write(`${line}\n`)
    this.#said = lines
  }

  #shown(file: string): string {
    return relative(this.#cwd, file) || file
  }
}

/** What there is to say of a project, with absolute paths. */
export function diagnosticsOf(project: NativeProject, emitted: Emitted | undefined): readonly Diagnostic[] {
  const { root, optionsFile, diagnostics } = project
  const ofFiles = (emitted?.diagnostics ?? []).map(each => ({ ...each, file: resolve(root, each.file) }))
  const unmatched = (emitted?.unmatched ?? []).map(pattern => {
    const position = locateInEntry(optionsFile, 'include', pattern)
    return diagnostic('SPT2003', { pattern, root }, optionsFile, position)
  })
  return [...diagnostics, ...unmatched, ...ofFiles]
}

export function wrongOptions({ optionsFile }: NativeProject): Diagnostic {
  return diagnostic('SPT3001', {}, optionsFile)
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
