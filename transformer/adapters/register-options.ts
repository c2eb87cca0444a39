import { dirname, isAbsolute, resolve } from 'node:path'
import { configure } from '../configuration/configure.ts'
import { diagnostic } from '../diagnostics.ts'
import { type SelectOptions, validateOptions } from '../options.ts'
import type { Diagnostic } from '../plan.ts'
import { isBelow, isInNodeModules, projectRoot, withProgramFiles } from './program-files.ts'

/** Where the options were written, as diagnostics name it. */
const OPTIONS_PLACE = 'span-tree options'

export interface RegisterOptions extends SelectOptions {
  readonly include: readonly string[]
  readonly exclude: readonly string[]
  /** Absolute. */
  readonly root: string
  /** Whether the program itself has source maps on, so that positions in compiled files lead to their sources. */
  readonly followMaps: boolean
  /** Where `include` was written, as diagnostics name it. */
  readonly place: string
  /** Whether that is the configuration file, which other ways in go by as well. */
  readonly shared: boolean
}

/**
 * The options of `node --import span-tree/register`: the project's configuration file, and over it, key by key, JSON in
 * the environment variable SPAN_TREE_OPTIONS, with the keys of `SelectOptions` and `root`. Without `include`, all of the
 * program's own code is traced.
 */
export function readRegisterOptions(env: NodeJS.ProcessEnv): {
  readonly options: RegisterOptions
  readonly diagnostics: readonly Diagnostic[]
} {
  const { raw, diagnostics: unreadable } = parseJson(env.SPAN_TREE_OPTIONS)
  const { options: inline, diagnostics } = validateOptions(raw, OPTIONS_PLACE, ['root'])
  const directory = typeof raw.root === 'string' ? resolve(raw.root) : programRoot(process.cwd(), process.argv[1])
  const configured = configure(inline, directory)
  return {
    options: {
      ...withProgramFiles(configured.options),
      root: configured.root,
      followMaps: process.sourceMapsEnabled,
      place: configured.includedBy ?? OPTIONS_PLACE,
      shared: configured.includedBy !== undefined,
    },
    diagnostics: [...unreadable, ...diagnostics, ...configured.diagnostics],
  }
}

function parseJson(text: string | undefined): { raw: Record<string, unknown>; diagnostics: readonly Diagnostic[] } {
  try {
    return { raw: text ? JSON.parse(text) : {}, diagnostics: [] }
  } catch (error) {
    const reason = (error as Error).message
    return { raw: {}, diagnostics: [diagnostic('SPT2004', { reason }, OPTIONS_PLACE)] }
  }
}

/** The project around the current directory; around the program where it lies elsewhere. */
function programRoot(directory: string, program: string | undefined): string {
  const root = projectRoot(directory)
  if (!program || !isAbsolute(program) || isInNodeModules(program) || isBelow(program, root)) return root
  return projectRoot(dirname(program))
}
