import { fork } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { nodeBinary } from '../support/node-versions.ts'
import { opentelemetryPackages } from '../support/opentelemetry.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

interface SentSpan {
  readonly id: string
  readonly parentId?: string
  readonly name: string
  readonly kind: string
  readonly attributes: Readonly<Record<string, unknown>>
  readonly children: SentSpan[]
}

interface Said {
  readonly answers: readonly { readonly isCurrent: boolean }[]
  readonly trees: readonly { readonly traceId: string; readonly root: SentSpan }[]
}

let packages: string
/** Beside the packages, so that the programs find them. */
let programs: string

beforeAll(() => {
  packages = opentelemetryPackages()
  programs = mkdtempSync(join(packages, 'programs-'))
  cpSync(fileURLToPath(new URL('programs', import.meta.url)), programs, { recursive: true })
}, 120_000)

afterAll(() => {
  rmSync(programs, { recursive: true, force: true })
})

// A request goes from a function of the program through node:http to express, there through a function again to the file system and
// through undici to fastify; ten of them at a time.
const JOURNEY = `
buy
  GET [client, instrumentation-http]
    GET /orders/:id [server, instrumentation-http]
      request handler [internal, instrumentation-express]
        loadOrder
          fs readFile [internal, instrumentation-fs]
          GET [client, instrumentation-undici]
            GET /stock/:id [server, instrumentation-http]
              request [internal, otel]
                handler - fastify -> @fastify/otel [internal, otel]
                  countStock`.trim()

test.concurrent.each([
  ['imported', 24, 'imported.mjs', { HOOKED: '1' }],
  ['required', 24, 'required.cjs', {}],
  ['imported', 22, 'imported.mjs', { HOOKED: '1' }],
  ['imported', 26, 'imported.mjs', { HOOKED: '1' }],
])(
  'spans of OpenTelemetry’s instrumentations of %s packages are below the functions that called them, on Node %i',
  async (_, major, file, env) => {
    const { answers, trees } = await run(nodeBinary(major), file, env)
    expect(answers).toEqual(Array.from({ length: 10 }, () => ({ isCurrent: true })))
    const roots = joined(trees)
    expect(roots.map(({ name }) => name).sort()).toEqual(Array.from({ length: 10 }, (_, i) => `buy ${i}`))
    for (const root of roots) {
      expect(render(root)).toBe(JOURNEY)
      expect(find(root, 'loadOrder')?.attributes).toMatchObject({ order: root.name.slice(4) })
    }
  },
)

async function run(execPath: string, file: string, env: Readonly<Record<string, string>>): Promise<Said> {
  const child = fork(join(programs, file), {
    execPath,
    execArgv: ['--no-warnings', '--import', join(programs, 'setup.mjs')],
    env: { ...process.env, ...env, SPAN_TREE_ROOT: ROOT, PACKAGES: packages, SPAN_TREE: '' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  return await new Promise((resolve, reject) => {
    child.once('message', resolve as (message: unknown) => void)
    child.once('exit', code => reject(new Error(`ended with ${code} and said nothing`)))
  })
}

/** What came in by a header is a tree of its own, below a span of another one. */
function joined(trees: Said['trees']): SentSpan[] {
  const all = new Map<string, SentSpan>()
  const add = (traceId: string, span: SentSpan): void => {
    all.set(`${traceId} ${span.id}`, span)
    for (const child of span.children) add(traceId, child)
  }
  for (const { traceId, root } of trees) add(traceId, root)
  return trees.flatMap(({ traceId, root }) => {
    const parent = all.get(`${traceId} ${root.parentId}`)
    parent?.children.push(root)
    return parent === undefined ? [root] : []
  })
}

function render({ name, kind, attributes, children }: SentSpan, indent = ''): string {
  const scope = attributes['otel.scope.name']
  const by = typeof scope === 'string' ? ` [${kind}, ${scope.split('/')[1]}]` : ''
  // What `require` reads when a package loads another one late.
  const below = children.filter(child => !child.name.endsWith('Sync'))
  return [
    `${indent}${name.replace(/^buy \d+$/, 'buy')}${by}`,
    ...below.map(child => render(child, `${indent}  `)),
  ].join('\n')
}

function find(span: SentSpan, name: string): SentSpan | undefined {
  if (span.name === name) return span
  return span.children.map(child => find(child, name)).find(Boolean)
}
