import { createHash } from 'node:crypto'
import { BundledFiles, type BundlerOptions, LOCATION_ANYWHERE } from './bundled-files.ts'
import { compilerFingerprint } from './compile-typescript.ts'
import { composeMaps, type FileMap } from './compose-maps.ts'
import { withInlineMap } from './inline-map.ts'
import { type Compiled, type JestRequest, projectCompiler, type TransformerEntry } from './jest-compiler.ts'
import { isOwnPackageFile } from './own-package.ts'
import { reportDiagnostics } from './report.ts'

export interface JestOptions extends BundlerOptions {
  /**
   * What compiles the files, as Jest's own `transform` has it: `'ts-jest'`, `['babel-jest', { … }]`. By default
   * TypeScript goes through the project's TypeScript, JavaScript through babel-jest.
   */
  readonly transformer?: TransformerEntry
}

/** What Jest calls. */
export interface JestTransformer {
  /** False: for coverage, Jest adds its counters to what comes out. */
  readonly canInstrument: boolean
  process(source: string, path: string, request: JestRequest): Compiled
  getCacheKey(source: string, path: string, request: JestRequest): string
}

/**
 * A transformer for Jest that instruments each file and hands it on to the project's own. Jest's CommonJS cannot load ES
 * modules, and the runtime is one: `transformIgnorePatterns` must let span-tree through, which is compiled then, too.
 */
export function createTransformer({ transformer, ...options }: JestOptions = {}): JestTransformer {
  const files = new BundledFiles(options)
  return {
    canInstrument: false,
    process(source, path, request) {
      const compiler = projectCompiler(transformer, path, request)
      if (isOwnPackageFile(path)) return compiler.compile(source)
      prepare(files, request)
      const instrumented = files.transform(source, path, { uncounted: request.instrument })
      reportDiagnostics([...files.problems, ...(instrumented?.diagnostics ?? [])])
      if (!instrumented?.changed) return compiler.compile(source)
      const { code, map } = compiler.compile(instrumented.code)
      const own = composed(map, instrumented.map as unknown as FileMap, source, path)
      // Coverage goes through Babel, which takes maps from the code only.
      return { code: request.instrument ? withInlineMap(code, own, path) : code, map: own }
    },
    getCacheKey(source, path, request) {
      prepare(files, request)
      const compiler = projectCompiler(transformer, path, request)
      const parts = [source, path, files.fingerprint, request.configString, request.supportsStaticESM]
      const key = JSON.stringify([...parts, request.instrument, compilerFingerprint(path), compiler.cacheKey(source)])
      return createHash('sha256').update(key).digest('hex').slice(0, 32)
    },
  }
}

function prepare(files: BundledFiles, { config }: JestRequest): void {
  files.host = { root: config.rootDir, plainFormat: 'commonjs', location: LOCATION_ANYWHERE }
}

function composed(second: FileMap | undefined, first: FileMap, source: string, path: string): FileMap {
  const map = second ? composeMaps(second, first) : first
  return { ...map, version: 3, sources: [path], sourcesContent: [source] } as FileMap
}

const transformerFactory: { readonly createTransformer: typeof createTransformer } = { createTransformer }

export default transformerFactory
