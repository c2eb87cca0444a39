import { createRequire } from 'node:module'
import { join } from 'node:path'
import { bundleFormat } from './bundle-format.ts'
import { compileTypeScript } from './compile-typescript.ts'
import { composeMaps, type FileMap } from './compose-maps.ts'
import { isOwnPackageFile } from './own-package.ts'
import { isTypeScriptFile } from './program-files.ts'

/** A transformer as a Jest configuration has it. */
export type TransformerEntry = string | readonly [name: string, config: object]

/** What Jest says of a file that it wants transformed, as far as it is read here. */
export interface JestRequest {
  readonly config: { readonly rootDir: string }
  readonly configString: string
  readonly instrument: boolean
  readonly supportsStaticESM: boolean
}

export interface Compiled {
  readonly code: string
  /** Undefined where no position has changed. */
  readonly map?: FileMap | undefined
}

/** What makes of a file of the project what Jest can run. */
export interface ProjectCompiler {
  compile(code: string): Compiled
  /** Differs where the result may. */
  cacheKey(code: string): string
}

interface Inner {
  process?(code: string, path: string, request: object): string | { code: string; map?: FileMap | string | null }
  getCacheKey?(code: string, path: string, request: object): string
}

/** The transformer that the project names, or TypeScript's compiler and babel-jest. */
export function projectCompiler(
  entry: TransformerEntry | undefined,
  path: string,
  request: JestRequest,
): ProjectCompiler {
  const { rootDir } = request.config
  if (entry === undefined) return defaultCompiler(path, request)
  const [name, config] = typeof entry === 'string' ? [entry, {}] : entry
  return byTransformer(load(createRequire(join(rootDir, '_')).resolve(name), config), path, request, config)
}

/** TypeScript makes JavaScript of TypeScript, and CommonJS of this package's own files; the rest is Babel's. */
function defaultCompiler(path: string, request: JestRequest): ProjectCompiler {
  const { rootDir } = request.config
  const babel = babelJest(rootDir)
  const byBabel = byTransformer(load(babel, {}), path, request, {})
  if (!isTypeScriptFile(path) && !isOwnPackageFile(path)) return byBabel
  const onlyMocks = { babelrc: false, configFile: false }
  return {
    compile(code) {
      const format = request.supportsStaticESM ? bundleFormat(code, path, 'commonjs') : 'commonjs'
      const javaScript = compileTypeScript(code, path, format)
      if (!javaScript) return byBabel.compile(code)
      if (!MOCKS.test(javaScript.code)) return javaScript
      const hoisted = byTransformer(load(babel, onlyMocks), path, request, onlyMocks).compile(javaScript.code)
      return chained(hoisted, javaScript.map)
    },
    cacheKey: byBabel.cacheKey,
  }
}

/** `jest.mock()` must come before the imports: babel-jest moves it there. */
const MOCKS = /\.(mock|unmock|deepUnmock|enableAutomock|disableAutomock)\(/

function byTransformer(inner: Inner, path: string, request: JestRequest, config: object): ProjectCompiler {
  // Jest adds the counters of coverage itself, once.
  const own = { ...request, instrument: false, transformerConfig: config }
  return {
    compile(code) {
      if (!inner.process) throw new TypeError(`span-tree/jest: the transformer of ${path} has no process()`)
      const result = inner.process(code, path, own)
      return typeof result === 'string' ? withMap(result) : withMap(result.code, result.map)
    },
    cacheKey: code => inner.getCacheKey?.(code, path, own) ?? '',
  }
}

const INLINE_MAP = /\n?\/\/# sourceMappingURL=data:application\/json;[^,\n]*base64,([\w+/=]+)\s*$/

/** Some transformers write their map to the end of the code. */
function withMap(code: string, map?: FileMap | string | null): Compiled {
  const inline = INLINE_MAP.exec(code)
  const text = inline ? code.slice(0, inline.index) : code
  if (map) return { code: text, map: typeof map === 'string' ? JSON.parse(map) : map }
  return inline ? { code: text, map: JSON.parse(Buffer.from(inline[1] as string, 'base64').toString()) } : { code }
}

function chained({ code, map }: Compiled, first: FileMap | undefined): Compiled {
  return { code, map: map && first ? composeMaps(map, first) : (map ?? first) }
}

/** As Jest finds its default: it is Jest's dependency, and the project need not see it. */
function babelJest(rootDir: string): string {
  let from = join(rootDir, '_')
  for (const name of ['jest', 'jest-cli', 'jest-config']) from = resolvedFrom(from, name) ?? from
  return createRequire(from).resolve('babel-jest')
}

function resolvedFrom(from: string, name: string): string | undefined {
  try {
    return createRequire(from).resolve(name)
  } catch {
    return undefined
  }
}

const loaded = new Map<string, Inner>()

function load(path: string, config: object): Inner {
  const key = `${path}\n${JSON.stringify(config)}`
  let inner = loaded.get(key)
  if (!inner) loaded.set(key, (inner = create(createRequire(import.meta.url)(path), config)))
  return inner
}

type Creator = { readonly createTransformer?: (config: object) => Inner }

function create(module: Creator & Inner & { readonly default?: Creator & Inner }, config: object): Inner {
  const own = module.default ?? module
  return own.createTransformer ? own.createTransformer(config) : own
}
