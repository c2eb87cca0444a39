import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Import, importsOf, ROOT, sourcesIn } from './support/imports.ts'

/** docs/ARCHITECTURE.md: what each folder may import beside itself. `.` is the package's own entry, `index.ts`. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  model: [],
  otlp: ['model'],
  runtime: ['model', 'otlp'],
  otel: ['runtime', 'model'],
  store: ['model', 'runtime'],
  decorators: ['runtime', 'model'],
  transformer: ['model'],
  receiver: ['model', 'otlp', 'store'],
  '.': ['decorators', 'runtime', 'model'],
  cli: ['.', 'decorators', 'runtime', 'model', 'transformer', 'otlp', 'otel', 'store', 'receiver'],
}
/** Folders of the repository that are not part of the package. */
const NOT_SHIPPED = ['bench', 'build', 'coverage', 'dist', 'docs', 'examples', 'node_modules', 'test']

const sources = Object.keys(MAY_IMPORT).flatMap(folder => {
  if (folder === '.') return ['index.ts']
  return existsSync(join(ROOT, folder)) ? sourcesIn(folder) : []
})
const graph: ReadonlyMap<string, readonly Import[]> = new Map(sources.map(file => [file, importsOf(file)]))

test('every folder of sources has its rule', () => {
  const folders = readdirSync(ROOT, { withFileTypes: true }).filter(entry => entry.isDirectory())
  const names = folders.map(({ name }) => name).filter(name => !name.startsWith('.') && !NOT_SHIPPED.includes(name))
  expect(names.filter(name => !(name in MAY_IMPORT))).toEqual([])
})

test('imports go in the directions that the architecture allows', () => {
  const wrong = filesImported().filter(([from, to]) => {
    const [folder, other] = [folderOf(from), folderOf(to)]
    return folder !== other && !MAY_IMPORT[folder]!.includes(other)
  })
  expect(wrong.map(edge => edge.join(' → '))).toEqual([])
})

test('every imported file exists', () => {
  expect(filesImported().filter(([, to]) => !graph.has(to))).toEqual([])
})

test('no module waits for itself: there is no cycle of imports', () => {
  expect(cycles().map(cycle => cycle.join(' → '))).toEqual([])
})

test('only transformer/parse.ts knows a parser', () => {
  const parsers = ['oxc-parser', 'acorn', '@babel/parser', '@swc/core']
  expect(importersOf(name => parsers.includes(name))).toEqual(['transformer/parse.ts'])
})

test("TypeScript's compiler is known to its syntax tree's renderer and to adapters only", () => {
  const importers = importersOf(name => name === 'typescript' || name === 'ts-patch')
  expect(importers.filter(file => !/^transformer\/(ast\/|adapters\/|render-ast\.ts$)/.test(file))).toEqual([])
})

test('of the store, only the exporter knows the runtime, and only the engine SQL', () => {
  const knowing = filesImported().filter(([from, to]) => folderOf(from) === 'store' && folderOf(to) === 'runtime')
  expect([...new Set(knowing.map(([from]) => from))]).toEqual(['store/exporter.ts'])
  const engines = sourcesIn('store').filter(file => readFileSync(join(ROOT, file), 'utf8').includes("'node:sqlite'"))
  expect(engines.filter(file => !file.startsWith('store/sqlite/'))).toEqual([])
})

describe('what a traced program loads', () => {
  const RUNTIME_PACKAGES = ['kleur']

  test.each(['index.ts', 'runtime/abi.ts', 'decorators/index.ts', 'runtime/testing/index.ts'])('%s', entry => {
    const files = reachable(entry)
    expect(files.filter(file => ['transformer', 'cli', 'store'].includes(folderOf(file)))).toEqual([])
    const packages = files.flatMap(file => graph.get(file)!.filter(each => each.kind === 'package' && isRun(each)))
    const names = new Set(packages.map(({ target }) => target).filter(name => !name.startsWith('node:')))
    expect([...names].filter(name => !RUNTIME_PACKAGES.includes(name))).toEqual([])
  })
})

function folderOf(file: string): string {
  return file.includes('/') ? file.slice(0, file.indexOf('/')) : '.'
}

function filesImported(): [from: string, to: string][] {
  return [...graph].flatMap(([from, imports]) =>
    imports.filter(({ kind }) => kind === 'file').map(({ target }): [string, string] => [from, target]),
  )
}

function importersOf(wanted: (name: string) => boolean): string[] {
  const importers = [...graph].filter(([, imports]) =>
    imports.some(({ kind, target }) => kind === 'package' && wanted(target)),
  )
  return importers.map(([file]) => file).sort()
}

function isRun({ when }: Import): boolean {
  return when !== 'type'
}

function reachable(entry: string): string[] {
  const found = new Set([entry])
  for (const file of found) {
    for (const each of graph.get(file) ?? []) if (each.kind === 'file' && isRun(each)) found.add(each.target)
  }
  return [...found]
}

/** One cycle for each import that closes one. Types are gone before anything runs, and what loads later waits for nobody. */
function cycles(): string[][] {
  const found: string[][] = []
  const done = new Set<string>()
  const visit = (file: string, path: readonly string[]): void => {
    const start = path.indexOf(file)
    if (start >= 0) found.push([...path.slice(start), file])
    if (start >= 0 || done.has(file)) return
    for (const { kind, target, when } of graph.get(file) ?? []) {
      if (kind === 'file' && when === 'at once') visit(target, [...path, file])
    }
    done.add(file)
  }
  for (const file of graph.keys()) visit(file, [])
  return found
}
