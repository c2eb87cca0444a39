import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import type { PackedBatch } from '../../runtime/exporters/spool/segment.ts'
import { Spool, type SpoolLimits } from '../../runtime/exporters/spool/spool.ts'
import { SimulatedClock } from './simulated-clock.ts'

const root = mkdtempSync(join(tmpdir(), 'span-tree-spool-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

let homes = 0
const newHome = (): string => join(root, `home-${++homes}`)

function spoolIn(home: string, limits: Partial<SpoolLimits> = {}, clock: SimulatedClock = new SimulatedClock()): Spool {
  return new Spool(home, limits, clock)
}

const batch = (text: string, spans = 1): PackedBatch => ({ body: Buffer.from(text), encoding: '', spans })

/** Takes and settles all that waits; the bodies. */
function replay(spool: Spool): string[] {
  const bodies: string[] = []
  for (let next = nextOf(spool); next !== undefined; next = nextOf(spool)) {
    const taken = spool.take(next)
    if (taken !== undefined) bodies.push(Buffer.from(taken.body).toString())
    spool.settle(next)
  }
  return bodies
}

const nextOf = (spool: Spool) => spool.nextAdopted() ?? spool.nextOwn()

/** Runs a program that has a spool in `home` and appends to it; it is killed when it has said `ready`. */
async function killed(home: string, program: string): Promise<void> {
  const source = `
    import { Spool } from ${JSON.stringify(new URL('../../runtime/exporters/spool/spool.ts', import.meta.url).href)}
    import { SYSTEM_CLOCK } from ${JSON.stringify(new URL('../../runtime/exporters/sender-clock.ts', import.meta.url).href)}
    const spool = new Spool(${JSON.stringify(home)}, {}, SYSTEM_CLOCK)
    const batch = (text, spans = 1) => ({ body: Buffer.from(text), encoding: '', spans })
    ${program}
    process.stdout.write('ready')
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '--no-warnings', '--eval', source], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  child.kill('SIGKILL')
  await once(child, 'close')
}

const filesIn = (home: string): string[] =>
  readdirSync(home).flatMap(folder => readdirSync(join(home, folder)).map(file => join(home, folder, file)))

test('gives back what was appended, in order, and leaves nothing when all is settled', () => {
  const home = newHome()
  const spool = spoolIn(home)
  const texts = Array.from({ length: 50 }, (_, i) => `batch ${i}`)
  for (const text of texts) spool.append(batch(text, 2))
  expect([spool.spans, spool.bytes > 0]).toEqual([100, true])
  expect(replay(spool)).toEqual(texts)
  expect([spool.spans, spool.bytes]).toEqual([0, 0])
  spool.close()
  expect(readdirSync(home)).toEqual([])
  expect(spool.append(batch('again'))).toBeDefined()
  expect(replay(spool)).toEqual(['again'])
})

test('keeps encoding, number of spans and any bytes', () => {
  const spool = spoolIn(newHome())
  const body = Buffer.from(Array.from({ length: 70_000 }, (_, i) => i % 256))
  spool.append({ body, encoding: 'zstd', spans: 7 })
  const taken = spool.take(spool.nextOwn()!)!
  expect([Buffer.compare(body, taken.body), taken.encoding, taken.spans]).toEqual([0, 'zstd', 7])
})

test('a batch that is being sent is nobody else’s, and the next one’s when it is given back', () => {
  const spool = spoolIn(newHome())
  spool.append(batch('one'))
  spool.append(batch('two'))
  const one = spool.nextOwn()!
  spool.take(one)
  expect(Buffer.from(spool.take(spool.nextOwn()!)!.body).toString()).toBe('two')
  expect(spool.nextOwn()).toBeUndefined()
  expect(spool.giveBack(one)).toBe(true)
  expect(spool.nextOwn()).toBe(one)
})

test('what a killed process has left is taken over by one of several, and what it had settled does not come again', async () => {
  const home = newHome()
  await killed(
    home,
    `for (let i = 0; i < 10; i++) spool.append(batch('batch ' + i, 3))
     for (let i = 0; i < 4; i++) { const next = spool.nextOwn(); spool.take(next); spool.settle(next) }`,
  )
  const heirs = Array.from({ length: 4 }, () => spoolIn(home))
  for (const heir of heirs) heir.adopt()
  expect(heirs.map(({ counts }) => counts.adopted).sort()).toEqual([0, 0, 0, 18])
  expect(heirs.flatMap(replay)).toEqual([4, 5, 6, 7, 8, 9].map(i => `batch ${i}`))
  expect(filesIn(home)).toEqual([])
})

test('what belongs to a process that runs is left to it', () => {
  const home = newHome()
  const first = spoolIn(home)
  first.append(batch('mine'))
  const second = spoolIn(home)
  second.adopt()
  expect([second.spans, replay(first)]).toEqual([0, ['mine']])
})

test('what was made elsewhere is taken over when nobody has touched it for a quarter of an hour', () => {
  const home = newHome()
  const clock = new SimulatedClock()
  const other = spoolIn(home, {}, clock)
  other.append(batch('from afar'))
  const [name = ''] = readdirSync(home)
  const afar = join(home, name.replace(/^[0-9a-f]{8}/, '00000000'))
  renameSync(join(home, name), afar)
  const touched = (minutesAgo: number): void => {
    const time = new Date(clock.now() - minutesAgo * 60_000)
    utimesSync(afar, time, time)
  }
  const spool = spoolIn(home, {}, clock)
  touched(14)
  spool.adopt()
  expect(spool.counts.adopted).toBe(0)
  touched(16)
  spool.adopt()
  expect(replay(spool)).toEqual(['from afar'])
})

test.each([
  ['in its body', 20, 5],
  ['in its header', 60, 0],
])('a last record that is torn %s is left out and counted, and those before it are not', async (_, cut, damaged) => {
  const home = newHome()
  await killed(home, `spool.append(batch('whole', 2)); spool.append(batch('x'.repeat(40), 5))`)
  const [file = ''] = filesIn(home)
  truncateSync(file, readFileSync(file).length - cut)
  const spool = spoolIn(home)
  spool.adopt()
  expect(spool.counts).toMatchObject({ adopted: 2 + damaged, torn: 1, damaged })
  expect(replay(spool)).toEqual(['whole'])
})

test('a damaged record is left out and counted, and those around it are not', async () => {
  const home = newHome()
  await killed(home, `for (const text of ['one', 'two', 'three']) spool.append(batch(text, 3))`)
  const [file = ''] = filesIn(home)
  const bytes = readFileSync(file)
  bytes[bytes.indexOf('two')] = 0
  writeFileSync(file, bytes)
  const spool = spoolIn(home)
  spool.adopt()
  expect(replay(spool)).toEqual(['one', 'three'])
  expect(spool.counts).toMatchObject({ adopted: 9, damaged: 3 })
})

test('files of others are left alone', async () => {
  const home = newHome()
  await killed(home, `spool.append(batch('whole'))`)
  const [file = ''] = filesIn(home)
  appendFileSync(join(file, '../notes.txt'), 'not a spool')
  const spool = spoolIn(home)
  spool.adopt()
  expect(replay(spool)).toEqual(['whole'])
})

test('beyond its bytes the oldest go, counted, without what is being sent', () => {
  const spool = spoolIn(newHome(), { maxBytes: 80_000 })
  const size = 5_000
  const first = spool.append(batch('0'.repeat(size), 1))!
  spool.take(first)
  for (let i = 1; i < 40; i++) spool.append(batch(String(i % 10).repeat(size), 1))
  expect(spool.bytes).toBeLessThanOrEqual(80_000)
  expect(spool.giveBack(first)).toBe(false)
  const left = replay(spool)
  expect(left.length).toBeGreaterThan(10)
  expect(left.at(-1)).toBe('9'.repeat(size))
  // The one that is being sent is neither.
  expect(left.length + spool.counts.overflowed).toBe(39)
})

test('one that is larger than the spool has no place in it', () => {
  const spool = spoolIn(newHome(), { maxBytes: 1_000 })
  expect(spool.append(batch('x'.repeat(1_000)))).toBeUndefined()
  expect(spool.append(batch('x'))).toBeDefined()
})

test('beyond its age a batch goes, counted', async () => {
  const clock = new SimulatedClock()
  const spool = spoolIn(newHome(), { maxAge: 60_000 }, clock)
  spool.append(batch('old', 4))
  await clock.pass(50_000)
  spool.append(batch('new'))
  await clock.pass(20_000)
  expect(replay(spool)).toEqual(['new'])
  expect(spool.counts.expired).toBe(4)
})

test('a folder that is taken away meanwhile does no harm', () => {
  const home = newHome()
  const spool = spoolIn(home)
  spool.append(batch('lost', 2))
  rmSync(home, { recursive: true })
  expect(spool.append(batch('refused'))).toBeUndefined()
  expect(spool.append(batch('kept'))).toBeDefined()
  expect(replay(spool)).toEqual(['kept'])
  expect(spool.counts.damaged).toBe(2)
})
