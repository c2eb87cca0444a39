import { dirname, extname, isAbsolute, relative, sep } from 'node:path'
import type { SelectOptions } from '../options.ts'
import { nearestPackageJson } from './package-json.ts'

/**
 * The files of the program itself, for the ways in that need no configuration: everything below the root that is in
 * no `node_modules` (which `**` does not reach) and was not made by a tool, where spans would say nothing to anybody.
 */
const PROGRAM: readonly string[] = ['**']
const GENERATED: readonly string[] = ['**/*.min.{js,mjs,cjs}']

/** The options with the program's own files in place of globs that are not there. */
export function withProgramFiles<T extends SelectOptions>(options: T): T & Required<Pick<T, 'include' | 'exclude'>> {
  const include = options.include?.length ? options.include : PROGRAM
  return { ...options, include, exclude: [...GENERATED, ...(options.exclude ?? [])] }
}

const EXTENSIONS = new Set(['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs'])

/** Whether the name is that of a source file in JavaScript or TypeScript. */
export function isSourceFile(file: string): boolean {
  return EXTENSIONS.has(extname(file)) && !file.endsWith('.d.ts')
}

/** Whether Node cannot run the file, or not every Node, before types or JSX are gone. */
export function isTypeScriptFile(file: string): boolean {
  return /\.([cm]?ts|[jt]sx)$/.test(file)
}

/** The nearest directory, from `directory` upwards, with a `package.json`; `directory` itself where there is none. */
export function projectRoot(directory: string): string {
  const path = nearestPackageJson(directory)
  return path === undefined ? directory : dirname(path)
}

export function isBelow(file: string, root: string): boolean {
  const path = relative(root, file)
  return path !== '' && !isAbsolute(path) && path !== '..' && !path.startsWith(`..${sep}`)
}

export function isInNodeModules(file: string): boolean {
  return file.includes(`${sep}node_modules${sep}`) || file.includes('/node_modules/')
}
