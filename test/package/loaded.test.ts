import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'
import { expect, test } from 'vitest'
import { ROOT } from '../support/imports.ts'

/** Kilobytes, minified and compressed, with everything that it imports. */
const MAX_RUNTIME = 25

/** Prints, one a line, the URL of everything that Node loads for an import. */
const LISTING = `
import { registerHooks } from 'node:module'
registerHooks({ load(url, context, next) { if (url.startsWith('file:')) console.log(url); return next(url, context) } })
await import(process.argv[1])`

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
  '%s loads the runtime and two small packages',
  specifier => {
    const files = loadedBy(specifier)
    const folders = new Set(
      files.map(file =>
        file
          .split('/')
          .slice(0, file.startsWith('dist/') ? 2 : 2)
          .join('/'),
      ),
    )
    const allowed = /^(dist\/(index\.js|model|runtime|decorators)|node_modules\/(ksuid|base-convert-int-array|kleur))$/
    expect(files).toContain('dist/runtime/shared.js')
    expect([...folders].filter(folder => !allowed.test(folder))).toEqual([])
  },
)

test(`what injected code imports is at most ${MAX_RUNTIME} kB, minified and compressed`, async () => {
  const result = await build({
    root: ROOT,
    configFile: false,
    logLevel: 'silent',
    ssr: { noExternal: true },
    build: { ssr: join(ROOT, 'dist/runtime/abi.js'), write: false, minify: true, target: 'node22' },
  })
  const { output } = result as { output: readonly { type: string; code?: string }[] }
  const code = output.map(chunk => chunk.code ?? '').join('')
  const kilobytes = gzipSync(code).length / 1000
  console.log(`span-tree/abi: ${(code.length / 1000).toFixed(1)} kB minified, ${kilobytes.toFixed(1)} kB compressed`)
  expect(kilobytes).toBeLessThan(MAX_RUNTIME)
})
