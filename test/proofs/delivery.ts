/**
 * Processes that trace, flush and are killed at any moment, in front of a receiver that misbehaves at any moment: what `flush` had
 * returned for has arrived when the last of them has ended. `npm run proof:delivery -- 200` for so many processes.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type Behaviour, Receiver } from '../exporters/receiver.ts'
import { Random } from '../support/random.ts'

const count = Number(process.argv[2] ?? 60)
const random = new Random(Number(process.argv[3] ?? 1))
const repository = fileURLToPath(new URL('../..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'span-tree-delivery-'))
const BEHAVIOURS: readonly Behaviour[] = [
  'take',
  'take',
  'cut',
  'cut after taking',
  'hang',
  { status: 503 },
  { status: 429, headers: { 'retry-after': '1' } },
]

const PROGRAM = `
import { configure, flush, getLogger } from 'span-tree'
import { httpExporter } from 'span-tree/http'
const { URL_, NAME, COUNT } = process.env
const spool = { folder: ${JSON.stringify(folder)}, when: 'always' }
configure({ exporters: [httpExporter({ url: URL_, spool, timeout: 200, batch: { maxDelay: 5 } })] })
const log = getLogger('t')
for (let i = 0; i < Number(COUNT); i++) {
  log.span(NAME + ' ' + i, () => {})
  await flush(300)
  process.stdout.write(NAME + ' ' + i + '\\n')
}`

const receiver = new Receiver()
const url = await receiver.listen()

/** Names of the spans for which \`flush\` had returned when it ended, or was killed after so many milliseconds. */
function run(name: string, spans: number, killAfter?: number): Promise<string[]> {
  const env = {
    PATH: process.env['PATH'],
    URL_: url,
    NAME: name,
    COUNT: String(spans),
    SPAN_TREE_EXIT_TIMEOUT: '20000',
  }
  const child = spawn(process.execPath, ['--input-type=module', '--eval', PROGRAM], { cwd: repository, env })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', text => (said += text))
  child.stderr.pipe(process.stderr)
  const timer = killAfter === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfter)
  return new Promise(resolve => {
    child.once('close', () => {
      clearTimeout(timer)
      resolve(said.split('\n').slice(0, -1))
    })
  })
}

const misbehaving = new AbortController()
const weather = (async () => {
  while (!misbehaving.signal.aborted) {
    receiver.behaviour = BEHAVIOURS[random.below(BEHAVIOURS.length)] as Behaviour
    await sleep(30 + random.below(150))
  }
})()

const flushed: string[] = []
for (let i = 0; i < count; i += 3) {
  const three = [i, i + 1, i + 2].map(each => run(`p${each}`, 10_000, 250 + random.below(900)))
  for (const names of await Promise.all(three)) flushed.push(...names)
}
misbehaving.abort()
await weather
receiver.behaviour = 'take'
flushed.push(...(await run('last', 3)), ...(await run('very last', 3)))

const arrived = new Set(receiver.names)
const lost = flushed.filter(name => !arrived.has(name))
console.log(
  `${count} processes killed, ${flushed.length} spans flushed, ${arrived.size} arrived, ${receiver.copies} copies absorbed, ${lost.length} lost`,
)
await receiver.close()
rmSync(folder, { recursive: true, force: true })
if (lost.length > 0) {
  console.error(lost.slice(0, 20).join('\n'))
  process.exitCode = 1
}
