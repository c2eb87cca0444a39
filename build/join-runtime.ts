/**
 * Joins the runtime's files in `dist` into one, after `tsc`: Node takes as long for each file that it loads as for a thousand lines in
 * it, and the runtime has a hundred. Every entry of the package that has to do with the runtime shares that one file; the rest of `dist`
 * stays as `tsc` made it.
 */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Plugin, rollup } from 'rollup'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const DIST = join(ROOT, 'dist')

/** What is joined. */
const JOINED = /^(?:index\.js$|(?:runtime|decorators|otel)\/)/
/** What injected code imports, which is what all entries share; and what programs import themselves, which is more. */
const CORE = 'runtime/abi.js'
const PROGRAM = 'index.js'
/** What is loaded in programs and workers that may never be traced, and is not to load that. */
const APART = ['runtime/linking/worker-hook.js', 'runtime/linking/queue-wrappers.js']
/** The files that they become, and those of what two of them need; `own-modules.ts` and `linking/caller.ts` know these names. */
const RUNTIME = 'span-tree-runtime'
const MORE = 'span-tree-program'
const SETTINGS = 'span-tree-settings'
const MESSAGES = 'span-tree-messages'

const built = readdirSync(DIST, { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.js'))
  .map(name => name.split('\\').join('/'))
const joined = built.filter(name => JOINED.test(name))
const entries = new Set([...published(), ...loadedByPath(), ...importedFromOutside()])
const messages = reachable(...APART)
const core = reachable(CORE)
const program = reachable(PROGRAM)
const later = reachable(...loadedByPath())

const bundle = await rollup({
  input: Object.fromEntries([...entries].map(name => [name.slice(0, -'.js'.length), join(DIST, name)])),
  external: id => !/^[./]/.test(id),
  plugins: [withMaps(), withoutFacades()],
  onwarn: ({ message }) => {
    throw new Error(message)
  },
})
const { output } = await bundle.write({
  dir: DIST,
  format: 'es',
  entryFileNames: '[name].js',
  chunkFileNames: 'runtime/[name].js',
  hoistTransitiveImports: false,
  minifyInternalExports: false,
  generatedCode: { constBindings: true },
  sourcemap: true,
  manualChunks: id => chunkOf(relative(DIST, id).split('\\').join('/')),
})
const written = new Set(output.map(({ fileName }) => fileName))
for (const name of joined.filter(each => !written.has(each)))
  for (const file of [name, `${name}.map`]) rmSync(join(DIST, file), { force: true })

function chunkOf(name: string): string | undefined {
  if (APART.includes(name)) return undefined
  if (messages.has(name)) return MESSAGES
  if (core.has(name)) return RUNTIME
  if (name === PROGRAM || !program.has(name)) return undefined
  return later.has(name) ? SETTINGS : MORE
}

/** Entries of the package. */
function published(): string[] {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { exports: object }
  const targets = Object.values(manifest.exports) as (string | { default: string })[]
  return targets
    .map(target => (typeof target === 'string' ? target : target.default).replace('./dist/', ''))
    .filter(name => JOINED.test(name))
}

/** What the runtime loads when there is something for it to do. */
function loadedByPath(): string[] {
  return joined.flatMap(name => {
    const calls = textOf(name).matchAll(/\b(requireLazily|ownModule|loadOwn)\('([\w-/]+)'\)/g)
    return [...calls].map(([, by, path]) => `runtime/${by === 'requireLazily' ? 'linking/' : ''}${path}.js`)
  })
}

function importedFromOutside(): string[] {
  const outside = built.filter(name => !JOINED.test(name))
  return outside.flatMap(importsOf).filter(name => JOINED.test(name))
}

function reachable(...from: string[]): ReadonlySet<string> {
  const found = new Set(from)
  for (const name of found) for (const other of importsOf(name)) found.add(other)
  return found
}

/** The files of `dist` that a file imports. */
function importsOf(name: string): string[] {
  const specifiers = textOf(name).matchAll(
    /(?:^|\n)(?:import|export)\b[^'"]*?['"](\.[^'"]+)['"]|\bimport\('(\.[^']+)'\)/g,
  )
  return [...specifiers].map(([, now, later]) =>
    join(dirname(name), (now ?? later) as string)
      .split('\\')
      .join('/'),
  )
}

function textOf(name: string): string {
  return readFileSync(join(DIST, name), 'utf8')
}

/** With the maps that `tsc` made, so that positions are those of the sources. */
function withMaps(): Plugin {
  return {
    name: 'maps',
    load: id =>
      existsSync(`${id}.map`) ? { code: readFileSync(id, 'utf8'), map: readFileSync(`${id}.map`, 'utf8') } : null,
  }
}

/**
 * Takes what there is of Node from `process`. To import it would make Node look at everything in the module to have it as exports:
 * of `node:fs`, two milliseconds.
 */
function withoutFacades(): Plugin {
  return {
    name: 'facades',
    renderChunk: code => ({ code: code.replace(/^import (?:(.+) from )?'(node:[\w/]+)';$/gm, fromProcess), map: null }),
  }
}

function fromProcess(_: string, bindings: string | undefined, module: string): string {
  if (bindings === undefined) return ''
  const [, whole, names] = /^(?:\* as )?(\w+)?(?:, )?(\{.*\})?$/.exec(bindings) as unknown as string[]
  const found = `process.getBuiltinModule('${module}')`
  const rest = names?.replaceAll(' as ', ': ')
  if (whole === undefined) return `const ${rest} = ${found};`
  return rest === undefined ? `const ${whole} = ${found};` : `const ${whole} = ${found}, ${rest} = ${whole};`
}
