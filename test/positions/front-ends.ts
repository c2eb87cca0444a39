import { spawnSync } from 'node:child_process'
import { existsSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { createServer } from 'vite'
import { instrumentFile } from '../../transformer/adapters/instrument-file.ts'
import { createTransformer } from '../../transformer/adapters/jest.ts'
import { projectCompiler } from '../../transformer/adapters/jest-compiler.ts'
import { spanTree as forVite } from '../../transformer/adapters/vite.ts'
import { instrument } from '../../transformer/instrument.ts'
import { BUILDERS } from '../adapters/bundlers/builders.ts'
import { toolchain } from '../support/toolchain.ts'
import type { Output } from './compare.ts'
import { type Corpus, link, REPOSITORY, SELECTION } from './corpus.ts'

/** A way from the sources of a corpus to JavaScript. */
export interface FrontEnd {
  readonly name: string
  /** What the tool itself rewrites otherwise where a body is in a block, among the words that come out wrong. */
  readonly rewrites?: RegExp
  /** `spans`: with every function instrumented. */
  make(corpus: Corpus, spans: boolean): Promise<readonly Output[]> | readonly Output[]
}

/** Instrumented text, types and all; without spans, the sources. */
const text: FrontEnd = {
  name: 'text renderer',
  make: ({ directory, files }, spans) =>
    files.map(file => {
      const source = join(directory, file)
      const code = readFileSync(source, 'utf8')
      const result = spans ? instrument(code, { ...SELECTION, root: directory, filename: source }) : { code, map: null }
      return { key: file, code: result.code.replace(/^\uFEFF/, ''), map: result.map?.toString(), directory, source }
    }),
}

const INLINE_MAP = /\n?\/\/# sourceMappingURL=data:application\/json[^,\n]*base64,([\w+/=]+)\s*$/

function withInlineMap(key: string, text: string, source: string): Output {
  const inline = INLINE_MAP.exec(text)
  const code = inline ? text.slice(0, inline.index) : text
  const map = inline ? Buffer.from(inline[1] as string, 'base64').toString() : undefined
  return { key, code, map, directory: dirname(source), source }
}

/** Every file that Node loads, as it comes out of the hook. What runs in its place is empty. */
const DUMP = `import { registerHooks } from 'node:module'
import { readFileSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
const sources = {}
const { files, out } = JSON.parse(readFileSync(process.argv[2], 'utf8'))
registerHooks({ load(url, context, next) {
  const loaded = next(url, context)
  const path = url.replace(/\\?.*/, '')
  if (!files.some(file => pathToFileURL(file).href === path)) return loaded
  sources[path] = String(loaded.source)
  return { format: 'module', source: 'export {}', shortCircuit: true }
} })
for (const file of files) await import(pathToFileURL(file).href)
writeFileSync(out, JSON.stringify(files.map(file => [file, sources[pathToFileURL(file).href]])))
`

const register: FrontEnd = {
  name: 'node --import',
  make({ directory, files }, spans) {
    const paths = files.map(file => join(directory, file))
    const output = ([path, text]: readonly [string, string]): Output =>
      withInlineMap(relative(directory, path), text, path)
    if (!spans) {
      const plain = (path: string): string =>
        instrumentFile(readFileSync(path, 'utf8'), path, undefined, () => {}).loaded?.source ?? ''
      return paths.map(path => output([path, plain(path)]))
    }
    const [list, out] = [join(directory, 'files.json'), join(directory, 'loaded.json')]
    writeFileSync(list, JSON.stringify({ files: paths, out }))
    writeFileSync(join(directory, 'dump.mjs'), DUMP)
    const REGISTER = join(REPOSITORY, 'dist/transformer/adapters/register.js')
    run(directory, ['--import', REGISTER, 'dump.mjs', list])
    return (JSON.parse(readFileSync(out, 'utf8')) as [string, string][]).map(output)
  },
}

function run(cwd: string, args: readonly string[], allowed: readonly number[] = [0]): string {
  const env = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    NO_COLOR: '1',
    SPAN_TREE: 'off',
    SPAN_TREE_CACHE: 'off',
  }
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, env, encoding: 'utf8' })
  const said = `${stdout}${stderr}`
  if (!allowed.includes(status ?? 1)) throw new Error(`${args.join(' ')} (${status})\n${said.slice(0, 3_000)}`)
  return said
}

const jest: FrontEnd = {
  name: 'jest',
  make({ directory, files }, spans) {
    const request = {
      config: { rootDir: directory, cwd: directory },
      configString: '{}',
      instrument: false,
      supportsStaticESM: true,
    }
    const transformer = createTransformer({ ...SELECTION, root: directory })
    // To Babel all of it is strict; and `using` is written out, so that there are other words.
    return files
      .filter(file => !/\.cjs$|using/.test(file))
      .map(file => {
        const source = join(directory, file)
        const code = readFileSync(source, 'utf8')
        const result = spans
          ? transformer.process(code, source, request)
          : projectCompiler(undefined, source, request).compile(code)
        return { key: file, code: result.code, map: result.map && JSON.stringify(result.map), directory, source }
      })
  },
}

/** Vite's development server, as vitest has modules from it. */
const vitest: FrontEnd = {
  name: 'vitest',
  async make({ directory, files }, spans) {
    const server = await createServer({
      ...{ root: directory, configFile: false, logLevel: 'silent', appType: 'custom' },
      server: { middlewareMode: true, watch: null, ws: false },
      optimizeDeps: { noDiscovery: true },
      // As an installed package is; what is not, Vite writes anew without a map, and moves what is on the same line.
      ssr: { external: ['span-tree'] },
      plugins: spans ? [forVite(SELECTION)] : [],
    })
    try {
      const outputs: Output[] = []
      for (const file of files.filter(each => !each.endsWith('.cjs'))) {
        const source = join(directory, file)
        const result = await server.environments['ssr']!.transformRequest(source)
        const map = result?.map ? JSON.stringify(result.map) : undefined
        outputs.push({ key: file, code: result?.code ?? '', map, directory: dirname(source), source })
      }
      return outputs
    } finally {
      await server.close()
    }
  },
}

interface Installed {
  readonly command: readonly string[]
  readonly packages: string
}

function compiler(name: string, installed: () => Installed): FrontEnd {
  return {
    name,
    make({ directory }, spans) {
      const { command, packages } = installed()
      for (const each of ['typescript', 'ts-patch']) {
        rmSync(join(directory, 'node_modules', each), { force: true })
        if (existsSync(join(packages, each))) link(directory, each, join(packages, each))
      }
      const out = spans ? 'out' : 'plain'
      rmSync(join(directory, out), { recursive: true, force: true })
      writeFileSync(join(directory, 'tsconfig.json'), JSON.stringify(tsconfig(spans, out)))
      const tsc = ['node_modules/typescript/bin/tsc']
      // There is sloppy code among it, of which TypeScript complains.
      run(directory, [...(spans ? command : tsc), '-p', 'tsconfig.json'], [0, 2])
      return emitted(join(directory, out), 'src')
    },
  }
}

function tsconfig(spans: boolean, outDir: string, target = 'esnext'): object {
  const compilerOptions = {
    ...{ target, module: 'esnext', moduleResolution: 'bundler', jsx: 'react', allowJs: true, noCheck: true },
    ...{
      rootDir: '.',
      outDir,
      sourceMap: true,
      types: [],
      strict: true,
      useDefineForClassFields: true,
      skipLibCheck: true,
    },
    ...{ allowImportingTsExtensions: true, rewriteRelativeImportExtensions: true, experimentalDecorators: false },
    plugins: spans ? [{ transform: 'span-tree/transformer', ...SELECTION }] : [],
  }
  return { compilerOptions, include: ['src'] }
}

function emitted(directory: string, below: string): readonly Output[] {
  return globSync(`${below}/**/*.{js,mjs,cjs}`, { cwd: directory }).map(file => {
    const path = join(directory, file)
    const code = readFileSync(path, 'utf8')
    return { key: file, code, map: readFileSync(`${path}.map`, 'utf8'), directory: dirname(path) }
  })
}

const TSPC = ['node_modules/ts-patch/bin/tspc.js']
const CLI = join(REPOSITORY, 'dist/cli/main.js')

function installed(name: string, dependencies: Readonly<Record<string, string>>): string {
  return join(toolchain(name, { dependencies }), 'node_modules')
}

const typescript5 = compiler('tspc 5.9', () => ({
  command: TSPC,
  packages: installed('typescript-5.9', { typescript: '5.9.3', 'ts-patch': '3.3.0' }),
}))

const typescript6 = compiler('tspc 6', () => ({ command: TSPC, packages: join(REPOSITORY, 'node_modules') }))

const typescript7 = compiler('span-tree tsc 7.1', () => ({
  command: [CLI, 'tsc'],
  packages: installed('typescript-7.1', { typescript: '7.1.0-beta' }),
}))

/** What the compiler before it in the list has made without spans, instrumented afterwards. */
const built: FrontEnd = {
  name: 'span-tree instrument',
  make({ directory }, spans) {
    if (spans) run(directory, [CLI, 'instrument', 'plain', '--out', 'built'])
    return emitted(join(directory, spans ? 'built' : 'plain'), 'src')
  },
}

const VOID = /^\w+: (?:void|(\S+)) of .*=> void(?: \1)?\b/

/**
 * Esbuild makes a function of a super() that stands in a block, where the class has fields to assign. Rollup has no place for a loop
 * behind a label, nor for an `if` with a block right behind a loop's head, by hand either; and for what comes behind `else` or `if (…)`, which esbuild's map has begin at the
 * blank before it, it takes whatever place its search came by last: without spans as well, now and then. Rolldown makes `f(); return` of `return void f()`, with the place of
 * `void` for its first word. For webpack, a declaration behind `export` begins with `export`.
 */
const REWRITES: Readonly<Record<string, RegExp>> = {
  esbuild: /^esbuild: super /,
  rollup: /^rollup: (?:(?:super|for) |if of .*\bfor \(.*\) if |(\S+) of .*(?:\belse|\)) \1\b)/,
  rolldown: VOID,
  vite: VOID,
  webpack: /^webpack: (function|class|async) /,
}

function bundler(name: string): FrontEnd {
  const rewrites = REWRITES[name]
  return {
    name,
    ...(rewrites && { rewrites }),
    async make({ directory, bundled }, spans) {
      const entry = bundled.map((file, i) => `export * as m${i} from './${relative('src', file)}'\n`)
      rmSync(join(directory, 'dist'), { recursive: true, force: true })
      writeFileSync(join(directory, 'src/entry.ts'), entry.join(''))
      writeFileSync(join(directory, 'tsconfig.json'), JSON.stringify(tsconfig(false, 'out', 'es2022')))
      const options = { ...SELECTION, include: ['src/*/**'] }
      const { file } = await BUILDERS[name]!({ directory, entry: 'src/entry.ts', options, plain: !spans })
      rmSync(join(directory, 'src/entry.ts'))
      const code = readFileSync(file, 'utf8')
      return [{ key: name, code, map: readFileSync(`${file}.map`, 'utf8'), directory: dirname(file) }]
    },
  }
}

export const FRONT_ENDS: readonly FrontEnd[] = [
  text,
  typescript7,
  typescript5,
  // The one that stays installed, for those below.
  typescript6,
  built,
  register,
  jest,
  vitest,
  ...Object.keys(BUILDERS).map(bundler),
]
