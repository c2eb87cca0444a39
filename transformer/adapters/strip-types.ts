import { stripTypeScriptTypes } from 'node:module'
import { withoutExperimentalWarning } from './experimental-warning.ts'
import { syntaxError } from './syntax-error.ts'

/**
 * Replaces types by blanks, so that every position stays what it was; undefined when the file has syntax that means
 * something at run time (enums, namespaces with values, parameter properties). Throws a SyntaxError for what is no
 * TypeScript. Decorators pass through: they are JavaScript by then, if not one that any Node runs.
 */
export function stripTypes(text: string, file: string): string | undefined {
  try {
    return withoutExperimentalWarning(() => stripTypeScriptTypes(text))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX') return undefined
    throw syntaxError(file, (error as Error).message)
  }
}
