import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative, sep } from 'node:path'
import { instrumentBuilt } from '../../transformer/adapters/built-file.ts'
import { type Instrumented, instrument } from '../../transformer/instrument.ts'
import type { InstrumentOptions } from '../../transformer/options.ts'
import { ROOT } from '../support/imports.ts'
import { OBSERVER, writeObserver } from './observer.ts'

/** Folders (and the entry) whose functions are span-tree. */
const PRODUCT = [
  'index.ts',
  'model',
  'otlp',
  'otel',
  'runtime',
  'decorators',
  'transformer',
  'store',
  'receiver',
  'cli',
]

/** What tests have installed, below `node_modules/.cache`; no results of the transformer, which are to be made anew. */
const INSTALLED = ['span-tree-node', 'span-tree-toolchains']

/** What is not copied: what is made, and what belongs to the repository. */
const LEFT = new Set(['.git', 'node_modules', 'coverage'])

/** What instrumenting span-tree came to, its sources and what is built of them taken together. */
export interface Tally {
  files: number
  functions: number
  /** `file:line:column name: reason`. */
  readonly refused: string[]
  /** Diagnostics, which nothing here should give rise to. */
  readonly diagnostics: string[]
}

/**
 * A copy of the repository, as it stands, outside of it: beside no `node_modules`, below which Node would not strip types,
 * and with links to the packages, of which `span-tree` is the copy itself. Returns its path.
 */
export function copyRepository(): string {
  const copy = realpathSync(mkdtempSync(join(tmpdir(), 'span-tree-self-')))
  for (const name of readdirSync(ROOT)) {
    if (!LEFT.has(name)) cpSync(join(ROOT, name), join(copy, name), { recursive: true, verbatimSymlinks: true })
  }
  linkPackages(join(ROOT, 'node_modules'), join(copy, 'node_modules'))
  linkInstalled(join(ROOT, 'node_modules/.cache'), join(copy, 'node_modules/.cache'))
  return copy
}

function linkPackages(from: string, to: string): void {
  mkdirSync(to)
  for (const name of readdirSync(from)) {
    // Commands lie at relative links, which lead to the links made here.
    if (name === '.bin') cpSync(join(from, name), join(to, name), { recursive: true, verbatimSymlinks: true })
    else if (name === 'span-tree') symlinkSync('..', join(to, name), 'junction')
    else if (!name.startsWith('.')) symlinkSync(join(from, name), join(to, name), 'junction')
  }
}

function linkInstalled(from: string, to: string): void {
  mkdirSync(to)
  for (const name of INSTALLED) {
    mkdirSync(join(from, name), { recursive: true })
    symlinkSync(join(from, name), join(to, name), 'junction')
  }
}

/** Instruments every function of the copy's span-tree, in its sources and in `dist`, to be seen by the observer. */
export function instrumentCopy(copy: string): Tally {
  writeObserver(copy)
  const tally: Tally = { files: 0, functions: 0, refused: [], diagnostics: [] }
  for (const file of PRODUCT.flatMap(folder => filesBelow(join(copy, folder), /(?<!\.d)\.ts$/))) {
    const code = readFileSync(file, 'utf8')
    const result = instrument(code, { ...optionsFor(copy, file), format: 'module', sourceMap: false })
    save(tally, file, result)
  }
  const isObserver = (file: string): boolean => file.startsWith(join(copy, dirname(OBSERVER)) + sep)
  for (const file of filesBelow(join(copy, 'dist'), /\.js$/).filter(file => !isObserver(file))) {
    const result = instrumentBuilt(readFileSync(file, 'utf8'), file, optionsFor(copy, file))
    if (result.map) writeFileSync(result.map.path, result.map.text)
    save(tally, file, result)
  }
  return tally
}

function optionsFor(copy: string, file: string): InstrumentOptions & { readonly root: string } {
  const abi = relative(dirname(file), join(copy, OBSERVER)).split(sep).join('/')
  // Faster spans are dropped, with a count: some tests keep a span open around hundreds of millions of calls.
  const all = { include: ['**'], skipTrivial: false, minDuration: 0.1 } as const
  // Some tests make CommonJS of `dist`, which must stay free of `import.meta`.
  const location = 'undefined'
  return { ...all, location, root: copy, filename: file, abi: abi.startsWith('.') ? abi : `./${abi}` }
}

function save(tally: Tally, file: string, result: Omit<Instrumented, 'map'>): void {
  if (result.changed) writeFileSync(file, result.code)
  tally.files += result.changed ? 1 : 0
  tally.functions += result.sites.length
  for (const { name, file, line, column, reason } of result.refused) {
    tally.refused.push(`${file}:${line}:${column} ${name}: ${reason}`)
  }
  tally.diagnostics.push(...result.diagnostics.map(each => `${each.code} ${each.message}`))
}

function filesBelow(path: string, name: RegExp): string[] {
  if (name.test(path)) return [path]
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter(file => name.test(file))
    .map(file => join(path, file))
}
