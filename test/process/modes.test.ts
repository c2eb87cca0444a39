import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { REGISTER } from '../adapters/project.ts'
import { withoutTraces } from './lines.ts'
import { Program, program } from './processes.ts'

const OUTPUT = `
import { writeSync } from 'node:fs'
function main(name) { process.stdout.write(Buffer.from([0, 255, 10, 13])); console.log(name); writeSync(1, 'direct\\n') }
`
const code = `${OUTPUT} main('ü\\u2028')`

test.concurrent.each(['terminal', 'record', 'off', 'TERMINAL '])(
  'SPAN_TREE=%s leaves the standard output as it was, byte for byte',
  async mode => {
    const both = program(code)
    const [plain, traced] = await Promise.all([both.plain(), both.traced({ env: { SPAN_TREE: mode, NO_COLOR: '1' } })])
    expect(traced.stdout).toBe(plain.stdout)
    const lines = traced.stderr.split('\n').filter(line => line !== '')
    expect(lines).toEqual(/terminal/i.test(mode) ? [expect.stringMatching(/main .*main\.js:3:10$/)] : [])
    expect(traced.stderr).not.toContain('\u001b')
  },
)

test.concurrent('SPAN_TREE=json writes a line a trace, to stderr or where logs of containers are read', async () => {
  const both = program(code)
  const [plain, traced, lambda, pod] = await Promise.all([
    both.plain(),
    both.traced(),
    both.traced({ env: { AWS_LAMBDA_FUNCTION_NAME: 'f' } }),
    both.traced({ env: { KUBERNETES_SERVICE_HOST: '10.0.0.1', SPAN_TREE: '' } }),
  ])
  for (const each of [traced, lambda, pod]) {
    const { stdout, stderr, traces } = withoutTraces(each)
    expect([stdout, stderr, traces]).toEqual([plain.stdout, '', ['main']])
  }
  for (const each of [lambda, pod]) {
    expect(each.stderr).toBe('')
    expect(each.stdout).toContain('"traceId"')
  }
})

test.concurrent('an unknown mode is one clear line, once, and the default applies', async () => {
  const { stderr, stdout, traces } = withoutTraces(
    await program(`${code}; main('b')`).traced({ env: { SPAN_TREE: 'jsn' } }),
  )
  expect(stderr).toBe(
    'span-tree: SPAN_TREE="jsn" is none of terminal, json, record, off and no address; it is ignored\n',
  )
  expect(stdout).toContain('direct')
  expect(traces).toEqual(['main', 'main'])
})

test.concurrent('nothing is written, and no stream made, by a program that traces nothing', async () => {
  const { stdout, stderr } = await program(
    `import 'span-tree'; import 'span-tree/abi'; process.on('exit', () => process._rawDebug(process.listenerCount('SIGINT')))`,
  ).plain()
  expect({ stdout, stderr }).toEqual({ stdout: '', stderr: '0\n' })
})

test.concurrent('a reader of stderr that goes away does no harm', async () => {
  const { directory } = program(
    `
    function leaf(i) { return Number(i) }
    process.stderr.on('error', () => {})
    for (let i = 0; i < 20_000; i++) leaf(i)
    setTimeout(() => { leaf(1); require('node:fs').writeFileSync('done.txt', 'done') }, 20)
  `.replace('require(', 'process.getBuiltinModule('),
  )
  const command = `{ "${process.execPath}" main.js; echo "code $?" > code.txt; } 2>&1 | head -1 > /dev/null; cat done.txt code.txt`
  const env = { PATH: process.env['PATH'], SPAN_TREE: 'json', SPAN_TREE_CONTEXT: '' }
  const { stdout } = await promisify(execFile)('sh', ['-c', command], { cwd: join(directory, 'traced'), env })
  expect(stdout).toBe('donecode 0\n')
})

test.concurrent('threads: their traces are written when they end by themselves or by process.exit; terminate still ends them', async () => {
  const both = new Program({
    'main.js': `
      import { once } from 'node:events'
      import { Worker } from 'node:worker_threads'
      for (const name of ['ends', 'exits', 'terminated']) {
        const worker = new Worker('./worker.js', { workerData: name })
        if (name === 'terminated') { await once(worker, 'message'); console.log('terminated', await worker.terminate()) }
        else { console.log(name, await once(worker, 'exit')) }
      }`,
    'worker.js': `
      import { parentPort, workerData } from 'node:worker_threads'
      function leaf() { return Number('1') }
      async function stuck() { leaf(); setInterval(leaf, 1_000); parentPort.postMessage('up'); await new Promise(() => {}) }
      leaf()
      if (workerData === 'exits') process.exit(3)
      if (workerData === 'terminated') stuck()`,
  })
  const [plain, traced] = await Promise.all([both.plain(), both.traced()])
  const { traces, ...ended } = withoutTraces(traced)
  expect(ended).toEqual(plain)
  expect(traces.filter(trace => trace === 'leaf').length).toBeGreaterThanOrEqual(2)
})

const FAILING = {
  error: `type Order = { id: number }
function check(order: Order): void {
  if (order.id > 1) { throw new TypeError('uncaught') }
}
setImmediate(function later(): void { check({ id: 2 }) })
`,
  rejection: `async function check(id: number): Promise<void> {
  await null;        throw new RangeError(\`unhandled \${id}\`)
}
async function main(): Promise<void> { await check(3) }
main()
`,
}

test.concurrent.each(Object.entries(FAILING))(
  "Node's own message of an uncaught %s describes it in the same way",
  async (_, source) => {
    const both = new Program({ 'package.json': '{ "type": "module" }', 'main.ts': source })
    const run = async (...flags: string[]): Promise<{ code: number; stderr: string }> => {
      const cwd = join(both.directory, 'plain')
      const env = { PATH: process.env['PATH'], SPAN_TREE: 'record', NODE_NO_WARNINGS: '1' }
      return promisify(execFile)(process.execPath, [...flags, 'main.ts'], { cwd, env }).then(
        ({ stderr }) => ({ code: 0, stderr }),
        ({ code, stderr }) => ({ code, stderr }),
      )
    }
    const [plain, traced] = await Promise.all([run('--enable-source-maps'), run('--import', REGISTER)])
    expect({ ...traced, stderr: described(traced.stderr) }).toEqual({ ...plain, stderr: described(plain.stderr) })
  },
)

/**
 * From the error's name on. What Node shows above, a line of the source, is where the error was thrown last, and a traced function throws it
 * on. Where there is a source map Node writes paths in place of URLs.
 */
function described(stderr: string): string {
  return stderr.replaceAll('file://', '').replace(/^[\s\S]*?\n(?=\w*Error: )/, '')
}
