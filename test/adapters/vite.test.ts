import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build, type InlineConfig, type Plugin, type Rolldown } from 'vite'
import { describe, expect, test } from 'vitest'
import { spanTree } from '../../transformer/adapters/vite.ts'
import type { SelectOptions } from '../../transformer/options.ts'
import { createProject, type Project } from './project.ts'

const FILES = {
  'package.json': '{ "name": "app", "type": "module" }',
  'index.html': '<script type="module" src="/src/main.ts"></script>',
  'src/main.ts': `import text from './text.txt?raw'
import { price } from './price'
export async function checkout(items: readonly string[]): Promise<number> {
  await Promise.resolve(text)
  return items.map((item: string) => price(item)).reduce((a, b) => a + b)
}
console.log(await checkout(['a', 'bb']))
`,
  'src/price.ts': `enum Factor { Two = 2 }
export function price(item: string): number {
  if (process.argv[2] === 'fail') throw new RangeError(item)
  return Math.abs(item.length) * Factor.Two
}
`,
  'src/text.txt': 'function raw() { return Number(1) }',
}

const TREE = `\
checkout src/main.ts:3:23
  checkout › <anonymous @ map> src/main.ts:5:20
    price src/price.ts:2:17
  checkout › <anonymous @ map> src/main.ts:5:20
    price src/price.ts:2:17`

interface Built {
  readonly project: Project
  readonly warnings: readonly string[]
}

async function builtProject(
  config: InlineConfig['build'],
  options: SelectOptions = {},
  files: Readonly<Record<string, string>> = FILES,
  others: readonly Plugin[] = [],
): Promise<Built> {
  const project = createProject(files, ['span-tree'])
  const warnings: string[] = []
  await build({
    root: project.directory,
    configFile: false,
    logLevel: 'silent',
    plugins: [spanTree(options), ...others],
    build: {
      ...config,
      minify: false,
      rollupOptions: { onLog: (level, log) => level === 'warn' && warnings.push(describeLog(log, project)) },
    },
  })
  return { project, warnings }
}

function describeLog({ message, loc }: Rolldown.RolldownLog, { directory }: Project): string {
  const text = message.replaceAll(directory, '<project>')
  return loc ? `${text} [${loc.line}:${loc.column}]` : text
}

describe('a build runs and is traced', () => {
  test.each([
    ['for the server', { ssr: 'src/main.ts' }],
    ['as a library', { lib: { entry: 'src/main.ts', formats: ['es' as const] } }],
  ])('%s', async (_, config) => {
    const { project, warnings } = await builtProject({ ...config, sourcemap: true })
    const [output] = readdirSync(join(project.directory, 'dist')).filter(name => name.endsWith('.js'))
    const { stdout, stderr, traces } = await project.node([`dist/${output}`], { SPAN_TREE: 'json' })
    expect(warnings).toEqual([])
    expect({ stdout: stdout.trim(), stderr: stderr.trim() }).toEqual({ stdout: '6', stderr: '' })
    expect(traces).toBe(TREE)
    const failed = await project.node(['--enable-source-maps', `dist/${output}`, 'fail'], { SPAN_TREE: 'off' })
    expect(failed.stderr).toContain('at price (<project>/src/price.ts:3:41)')
    expect(failed.stderr).toContain('<project>/src/main.ts:5:38')
  })
})

test('code for the browser is left as it is', async () => {
  const { project, warnings } = await builtProject({})
  const assets = join(project.directory, 'dist/assets')
  const code = readdirSync(assets).map(name => readFileSync(join(assets, name), 'utf8'))
  expect(code.join('')).toContain('checkout')
  expect(code.join('')).not.toMatch(/span-tree\/|\$st_/)
  expect(warnings).toEqual([])
})

test('a library of components is for browsers, and that is said', async () => {
  const lib = { entry: 'src/main.ts', formats: ['es' as const] }
  const { project, warnings } = await builtProject({ lib }, {}, FILES, [{ name: 'vite:react-refresh' }])
  const [output] = readdirSync(join(project.directory, 'dist'))
  expect(readFileSync(join(project.directory, 'dist', output as string), 'utf8')).not.toMatch(/span-tree\/|\$st_/)
  expect(warnings).toEqual([expect.stringContaining('SPT2010: nothing is instrumented: this build is for the browser')])
  expect(warnings[0]).toContain('(build.lib with vite:react-refresh)')
})

test('the dev server transforms what it runs in Node', async () => {
  const project = createProject(
    {
      ...FILES,
      'dev.mjs': `import { createServer } from 'vite'
import { spanTree } from 'span-tree/vite'
const server = await createServer({
  configFile: false, logLevel: 'silent', server: { middlewareMode: true, ws: false }, appType: 'custom',
  optimizeDeps: { noDiscovery: true }, plugins: [spanTree()],
})
await server.ssrLoadModule('/src/main.ts')
await server.close()
`,
    },
    ['span-tree', 'vite'],
  )
  const { stdout, traces, stderr } = await project.node(['dev.mjs'], { SPAN_TREE: 'json' })
  expect(stderr).toBe('')
  expect(stdout.trim()).toBe('6')
  expect(traces).toBe(TREE)
})

test('bad options, globs without files and annotations without effect are warnings with their place', async () => {
  const options = { include: ['src/**', 'lib/**'], minDuraton: 5 } as SelectOptions
  const { warnings } = await builtProject({ ssr: 'src/main.ts' }, options, {
    ...FILES,
    'src/price.ts': `/** @span */
export const factor = 2
export function price(item: string): number { return Math.abs(item.length) * factor }
`,
  })
  expect(warnings).toMatchInlineSnapshot(`
    [
      "spanTree() options - SPT2001: unknown option 'minDuraton': did you mean 'minDuration'?",
      "src/price.ts:1:5 - SPT1002: @span has no effect here: what follows is no function and no class [1:4]",
      "spanTree() options - SPT2003: the pattern 'lib/**' matches no file: patterns are relative to <project>",
    ]
  `)
})

test('vitest: a test sees the tree of what it called', async () => {
  const app = new URL('projects/vitest-app/', import.meta.url).pathname
  const project = createProject({})
  const vitest = join(process.cwd(), 'node_modules/vitest/vitest.mjs')
  const { stdout, stderr, code } = await project.node([vitest, 'run', '--root', app, '--reporter', 'tap-flat'])
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 })
  expect(stdout).toMatch(/^ok 1 .*\nok 2 /m)
})
