/**
 * Two processes, each with a thread, publish to a receiver: `node examples/two-processes/publish.ts <database>`, in the repository's root and
 * after `npm run build`. The three checkouts of the shop are three traces; each joins both processes and their threads. The third fails.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const CLI = here('../../dist/cli/main.js')

/** Adds the three traces to a database, made where there is none. `look` gets the receiver's URL when they are kept. */
export async function publishTwoProcesses(
  database: string,
  look: (url: string) => Promise<void> = async () => {},
): Promise<void> {
  const spools = mkdtempSync(join(tmpdir(), 'span-tree-example-'))
  const receiver = spanTree(['serve', '--port', '0', '--db', database], {})
  try {
    const url = await urlOf(receiver)
    const env = { SPAN_TREE: url, SPAN_TREE_STATE: spools }
    const stock = traced('stock', [], env)
    const shop = traced('shop', [await urlOf(stock)], env)
    shop.stdout?.pipe(process.stdout)
    await ended(shop)
    stock.stdin?.end()
    await ended(stock)
    await look(url)
  } finally {
    receiver.kill('SIGTERM')
    await once(receiver, 'exit')
    rmSync(spools, { recursive: true, force: true })
  }
}

/** All of it but callbacks without a name. */
const SELECTION = ['--include', 'examples/two-processes/**', '--functions', '!*anonymous*', '--functions', '!told']

function traced(name: string, parameters: readonly string[], env: NodeJS.ProcessEnv): ChildProcess {
  const program = ['run', ...SELECTION, '--', 'node', here(`${name}.ts`), ...parameters]
  return spanTree(program, { ...env, SPAN_TREE_TAGS: `app=${name},version=1.0.0` })
}

function spanTree(parameters: readonly string[], env: NodeJS.ProcessEnv): ChildProcess {
  return spawn(process.execPath, ['--no-warnings', CLI, ...parameters], {
    cwd: here('../..'),
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
}

/** Where it listens, which it says first. */
async function urlOf(child: ChildProcess): Promise<string> {
  for await (const text of child.stdout?.iterator({ destroyOnReturn: false }) ?? []) {
    const [url] = /http:\/\/[\d.:]+/.exec(String(text)) ?? []
    if (url !== undefined) return url
  }
  throw new Error(`${child.spawnargs.join(' ')} ended at once`)
}

async function ended(child: ChildProcess): Promise<void> {
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`${child.spawnargs.join(' ')} ended with ${code}`)
}

if (import.meta.main) await publishTwoProcesses(process.argv[2] as string)
