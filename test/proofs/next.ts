/**
 * An application of Next.js, built and run: `npm run proof:next [-- webpack | turbopack]`. Pages render, `'use client'` and
 * `'use server'` mean what they did, and what runs on the server is traced, as docs/setup.md has it.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { setupBlocks } from '../adapters/bundlers/setup-blocks.ts'
import { withoutTraces } from '../adapters/traces.ts'
import { toolchain } from '../support/toolchain.ts'

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url))
const SOURCES = join(REPOSITORY, 'test/projects/next')

const NEXT = {
  next: '16.4.6',
  react: '19.3.1',
  'react-dom': '19.3.1',
  typescript: '6.0.3',
  '@types/react': '19.3.0',
  '@types/node': '24.19.2',
}

/** Of what is asked for below, in this order. */
const PAGE = `\
Layout app/layout.tsx:3:25
Page app/page.tsx:7:31
  total lib/order.ts:5:23
    price lib/order.ts:10:10
    price lib/order.ts:10:10
Counter app/counter.tsx:5:17`
const TRACES = `\
${PAGE}
GET app/api/order/route.ts:3:23
  total lib/order.ts:5:23
    price lib/order.ts:10:10
GET app/api/order/route.ts:3:23 failed
  total lib/order.ts:5:23 failed
    price lib/order.ts:10:10 failed
save app/actions.ts:5:23
  total lib/order.ts:5:23
    price lib/order.ts:10:10
${PAGE}`

const configurations = Object.fromEntries(
  setupBlocks('Next.js').map(([, text]) => [text.includes('turbopack') ? 'turbopack' : 'webpack', text]),
)
const bundlers = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(configurations)
const workspace = realpathSync(mkdtempSync(join(tmpdir(), 'span-tree-next-')))
let failures = 0
try {
  installInto(workspace)
  for (const bundler of bundlers) await prove(bundler, project(bundler))
} finally {
  rmSync(workspace, { recursive: true, force: true })
}
process.exitCode = failures > 0 ? 1 : 0

/** Copies, not links: Turbopack reads nothing outside of the workspace, which it knows by the lock file. */
function installInto(folder: string): void {
  const { dependencies, optionalDependencies } = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8'))
  const tools = toolchain('next', { dependencies: { ...NEXT, ...dependencies, ...optionalDependencies } })
  cpSync(join(tools, 'node_modules'), join(folder, 'node_modules'), { recursive: true, verbatimSymlinks: true })
  for (const name of ['package.json', 'dist']) {
    cpSync(join(REPOSITORY, name), join(folder, 'node_modules/span-tree', name), { recursive: true })
  }
  writeFileSync(join(folder, 'package-lock.json'), '{}')
}

function project(bundler: string): string {
  const directory = join(workspace, bundler)
  cpSync(SOURCES, directory, { recursive: true })
  writeFileSync(join(directory, 'next.config.mjs'), configurations[bundler]!)
  writeFileSync(join(directory, 'package.json'), '{ "private": true, "type": "module" }')
  return directory
}

async function prove(bundler: string, directory: string): Promise<void> {
  const next = [join(workspace, 'node_modules/next/dist/bin/next')]
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NO_COLOR: '1', CI: '1', NODE_ENV: 'production' } as const
  execFileSync(process.execPath, [...next, 'build', `--${bundler}`], { cwd: directory, env, stdio: 'inherit' })
  const port = await freePort()
  const server = spawn(process.execPath, [...next, 'start', '--port', String(port)], {
    cwd: directory,
    env: { ...env, SPAN_TREE: 'json' },
  })
  const written = collect(server)
  const page = await use(`http://localhost:${port}`)
  server.kill('SIGTERM')
  await once(server, 'close')
  const { stdout, stderr, traces } = withoutTraces(written.stdout, written.stderr)
  check(bundler, 'a page of the server, with a component of the client', page.text, ['sum 14', 'count 7'])
  check(bundler, 'routes', page.routes, ['{"total":6}', '500'])
  check(bundler, 'an action of the server', stdout, ['saved it 8'])
  check(bundler, 'traces', traces, [TRACES])
  check(bundler, 'the error that a route throws', stderr, ['RangeError: no item'])
}

interface Used {
  readonly text: string
  readonly routes: string
}

/** Asks for the page, for a route that answers and one that fails, and sends the page's form as a browser without scripts. */
async function use(url: string): Promise<Used> {
  const text = await (await whenReady(url)).text()
  const answer = await (await fetch(`${url}/api/order?item=fig`)).text()
  const { status } = await fetch(`${url}/api/order?item=`)
  const form = new FormData()
  for (const [, name = ''] of text.matchAll(/<input type="hidden" name="(\$ACTION[^"]*)"/g)) form.set(name, '')
  form.set('what', 'it')
  await (await fetch(url, { method: 'POST', body: form, headers: { origin: url } })).text()
  return { text, routes: `${answer} ${status}` }
}

async function whenReady(url: string): Promise<Response> {
  for (let attempt = 0; attempt < 100; attempt++) {
    try {
      return await fetch(url)
    } catch {
      await sleep(200)
    }
  }
  throw new Error('the server does not answer')
}

function collect({ stdout, stderr }: ChildProcess): { stdout: string; stderr: string } {
  const written = { stdout: '', stderr: '' }
  stdout?.setEncoding('utf8').on('data', text => (written.stdout += text))
  stderr?.setEncoding('utf8').on('data', text => (written.stderr += text))
  return written
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0)
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  await new Promise(done => server.close(done))
  return port
}

function check(bundler: string, what: string, found: string, parts: readonly string[]): void {
  const missing = parts.filter(part => !found.includes(part))
  console.log(`${bundler}: ${what}: ${missing.length === 0 ? 'yes' : 'NO'}`)
  if (missing.length === 0) return
  failures++
  console.log(`--- wanted\n${missing.join('\n')}\n--- found\n${found}\n---`)
}
