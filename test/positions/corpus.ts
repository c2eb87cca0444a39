import { globSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const REPOSITORY: string = fileURLToPath(new URL('../..', import.meta.url))
const PACKAGES = ['kleur', 'ksuid', 'jest', 'reflect-metadata']

/** Everything has a span, by every front end. */
export const SELECTION: { readonly include: string[]; readonly skipTrivial: boolean } = {
  include: ['src/**'],
  skipTrivial: false,
}

const DIFFERING = /\.cjs$|\.tsx$|legacy/

/** Source files in a project of their own. */
export interface Corpus {
  readonly directory: string
  /** Relative to it: below `src/`. */
  readonly files: readonly string[]
  /** Of these, what bundlers can put into one file. */
  readonly bundled: readonly string[]
  /** What compilers make other functions of: sloppy code that they make strict, JSX, enums, default exports. */
  readonly differing: readonly string[]
}

/** The fixtures; and, in full, a library's sources and part of this project's own. */
export function createCorpus(full: boolean): Corpus {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'span-tree-positions-')))
  copy('test/fixtures', join(directory, 'src/fixtures'), '*.{js,cjs,ts,tsx}')
  copy('test/projects/corpus/src', join(directory, 'src/corpus'), '*.ts')
  copy('test/projects/stacks', join(directory, 'src/stacks'), 'program.mjs')
  copy('node_modules/zod/src', join(directory, 'src/zod'), full ? '{v4,v3}/**/*.ts' : 'v4/core/{util,parse,regexes}.ts')
  if (full) for (const own of ['runtime', 'model', 'otlp']) copy(own, join(directory, 'src', own), '**/*.ts')
  writeFileSync(
    join(directory, 'package.json'),
    JSON.stringify({ name: 'corpus', type: 'module', 'span-tree': SELECTION }),
  )
  link(directory, 'span-tree', REPOSITORY)
  for (const name of PACKAGES) link(directory, name, join(REPOSITORY, 'node_modules', name))
  const files = globSync('src/**/*.{js,mjs,cjs,ts,tsx}', { cwd: directory }).filter(file => !file.endsWith('.d.ts'))
  const differing = files.filter(file => DIFFERING.test(file))
  return {
    directory,
    differing,
    files: files.sort(),
    bundled: files.filter(file => isBundled(file) && (full || !file.includes('/zod/'))),
  }
}

/** Not sloppy code, nor what runs something when it is loaded, nor syntax that is not in every bundler yet. */
function isBundled(file: string): boolean {
  return !/\.cjs$|script\.js$|using|stacks\/|corpus\/|default-export/.test(file)
}

function copy(from: string, to: string, pattern: string): void {
  const source = join(REPOSITORY, from)
  for (const file of globSync(pattern, { cwd: source })) {
    if (/(tests?|benchmarks)\/|\.d\.ts$/.test(file)) continue
    const text = readFileSync(join(source, file), 'utf8')
    mkdirSync(dirname(join(to, file)), { recursive: true })
    // Every tool finds a file by its own name.
    writeFileSync(join(to, file), text.replace(/((?:from|import)\s*\(?['"]\.[^'"]*)\.js(['"])/g, '$1.ts$2'))
  }
}

export function link(directory: string, name: string, target: string): void {
  mkdirSync(join(directory, 'node_modules'), { recursive: true })
  symlinkSync(target, join(directory, 'node_modules', name), 'junction')
}
