import { readFileSync } from 'node:fs'
import { matchesFile } from '../match.ts'
import type { Diagnostic } from '../plan.ts'
import { watchGlobs } from './glob-watch.ts'
import { instrumentFile, type LoadedFile } from './instrument-file.ts'
import { isInNodeModules, isTypeScriptFile } from './program-files.ts'
import { OPTIONS_PLACE, type RegisterOptions } from './register-options.ts'

/** Loads the program's files in Node's place. */
export interface FileLoader {
  /** Undefined for a file that Node is to load as it would: not selected, and nothing that Node cannot run. */
  load(file: string): LoadedFile | undefined
  /** What to say of globs that no file has matched. */
  unmatched(): readonly Diagnostic[]
}

// Behind a decorator's `@` or in a comment; a false alarm costs a parse.
const ANNOTATION = /@span\b/

export function createFileLoader(options: RegisterOptions): FileLoader {
  const watch = watchGlobs(options.include, options.root)
  return {
    load(file) {
      watch.saw(file)
      const foreign = isInNodeModules(file)
      const matches = matchesFile(file, options)
      if (!matches && foreign) return undefined
      const text = readFileSync(file, 'utf8')
      const selected = matches || ANNOTATION.test(text)
      return selected || isTypeScriptFile(file) ? instrumentFile(text, file, selected ? options : undefined) : undefined
    },
    unmatched: () => watch.unmatched(OPTIONS_PLACE),
  }
}
