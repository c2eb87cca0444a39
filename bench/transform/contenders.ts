import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInstrumenter } from 'istanbul-lib-instrument'
import { parseSync } from 'oxc-parser'
import { spanTree } from 'span-tree/rollup'
import { instrument } from 'span-tree/transformer'
import ts from 'typescript'
import type { SourceFile } from './library.ts'
import { orchestrion } from './orchestrion.ts'

export interface Contender {
  readonly name: string
  run(file: SourceFile): unknown
  /** Bytes of a file that count; all of them by default. */
  bytes?(file: SourceFile): number
}

/** The parse that everything is measured by. */
export const BARE_PARSE = 'oxc-parser alone, raw transfer'
export const ISTANBUL = 'istanbul-lib-instrument'

/** Everybody makes code and a source map, in memory, as bundlers take them. */
export function contenders(root: string): readonly Contender[] {
  const options = { root, include: ['**'], skipTrivial: false }
  const raw = { experimentalRawTransfer: true } as object
  const istanbul = createInstrumenter({ esModules: true, produceSourceMap: true, parserPlugins: ['typescript'] })
  return [
    { name: BARE_PARSE, run: ({ code, filename }) => parseSync(filename, code, raw).program },
    { name: 'oxc-parser alone', run: ({ code, filename }) => parseSync(filename, code).program },
    { name: "TypeScript's parser alone", run: ({ code, filename }) => ts.createSourceFile(filename, code, 99) },
    {
      name: 'span-tree, as in bundlers and tspc (raw transfer)',
      run: ({ code, filename }) => instrument(code, { ...options, filename, fastParse: true }),
    },
    { name: 'span-tree, as in `--import`', run: ({ code, filename }) => instrument(code, { ...options, filename }) },
    unchanged(options),
    {
      name: ISTANBUL,
      run: ({ code, filename }) => [istanbul.instrumentSync(code, filename), istanbul.lastSourceMap()],
    },
    orchestrion,
  ]
}

/** The plugin for Rollup with its cache on disk, which the first round fills. */
function unchanged(options: { readonly root: string; readonly include: readonly string[] }): Contender {
  const directory = mkdtempSync(join(tmpdir(), 'span-tree-bench-'))
  process.on('exit', () => rmSync(directory, { recursive: true, force: true }))
  process.env['SPAN_TREE_CACHE'] = directory
  const { transform } = spanTree(options) as { transform: { handler(code: string, id: string): unknown } }
  const context = { warn: () => {} }
  return {
    name: 'span-tree/rollup, nothing changed since the last build',
    run: ({ code, filename }) => transform.handler.call(context, code, filename),
  }
}
