import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { type Plugin, rolldown } from 'rolldown'
import { expect, test } from 'vitest'
import { ROOT } from '../support/imports.ts'

/** Kilobytes, minified and compressed, with everything that it imports; the terminal's exporter not counted, and counted. */
const MAX_RUNTIME = 25
const MAX_WITH_TERMINAL = 35

/** Prints, one a line, the URL of everything that Node loads for an import. */
const LISTING = `
import { registerHooks } from 'node:module'
registerHooks({ load(url, context, next) { if (url.startsWith('file:')) console.log(url); return next(url, context) } })
await import(process.argv[1])`

/** What `sideEffects` in package.json says is of the files in `dist`. */
const asBuilt: Plugin = { name: 'as built', transform: code => ({ code, moduleSideEffects: true }) }

function loadedBy(specifier: string): string[] {
  const args = ['--input-type=module', '--eval', LISTING, specifier]
  const { NODE_OPTIONS: _options, ...env } = process.env
  const output = execFileSync(process.execPath, args, {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...env, SPAN_TREE: 'off' },
  })
  return output
    .trim()
    .split('\n')
    .map(url => url.slice(url.indexOf(ROOT) + ROOT.length))
}

test.each(['span-tree', 'span-tree/abi', 'span-tree/decorators'])(
  '%s loads the runtime and one small package',
  specifier => {
    const files = loadedBy(specifier)
    const folders = new Set(files.map(file => file.split('/').slice(0, 2).join('/')))
    const allowed = /^(dist\/(index\.js|model|runtime|decorators)|node_modules\/kleur)$/
    expect(files).toContain('dist/runtime/span-tree-runtime.js')
    expect([...folders].filter(folder => !allowed.test(folder))).toEqual([])
  },
)

test(`what injected code imports is at most ${MAX_RUNTIME} kB, minified and compressed, beside the trees of the terminal`, async () => {
  const [core, whole] = [await kilobytes(['./exporters/terminal.ts']), await kilobytes([])]
  console.log(`span-tree/abi: ${core.toFixed(1)} kB, ${whole.toFixed(1)} kB with the terminal's exporter`)
  expect(core).toBeLessThan(MAX_RUNTIME)
  expect(whole).toBeLessThan(MAX_WITH_TERMINAL)
})

async function kilobytes(external: string[]): Promise<number> {
  const input = join(ROOT, 'runtime/abi.ts')
  const bundle = await rolldown({ input, external, platform: 'node', plugins: [asBuilt] })
  const { output } = await bundle.generate({ format: 'esm', minify: true })
  return gzipSync(output.map(each => ('code' in each ? each.code : '')).join('')).length / 1000
}
