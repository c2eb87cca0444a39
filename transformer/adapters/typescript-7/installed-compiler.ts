import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** The TypeScript that a project has installed. */
export interface InstalledCompiler {
  /**
   * `native`: 7.1 or newer, whose API can emit; `native-without-api`: 7.0; `javascript`: 6 or older, which has
   * transformers; `none`.
   */
  readonly kind: 'native' | 'native-without-api' | 'javascript' | 'none'
  readonly version: string
  /** Of the package. */
  readonly directory: string
}

/** The compiler that a program in the directory would import. */
export function installedCompiler(directory: string): InstalledCompiler {
  const path = packageFile('typescript', directory)
  if (path === undefined) return { kind: 'none', version: '', directory: '' }
  const { version } = JSON.parse(readFileSync(path, 'utf8')) as { version: string }
  return { kind: kindOf(version, dirname(path)), version, directory: dirname(path) }
}

function kindOf(version: string, directory: string): InstalledCompiler['kind'] {
  if (Number.parseInt(version, 10) < 7) return 'javascript'
  return existsSync(join(directory, 'dist/api/sync/api.js')) && !version.startsWith('7.0.')
    ? 'native'
    : 'native-without-api'
}

/** The path of an installed package's `package.json`, as seen from a directory. */
export function packageFile(name: string, directory: string): string | undefined {
  try {
    return createRequire(join(directory, '_')).resolve(`${name}/package.json`)
  } catch {
    return undefined
  }
}
