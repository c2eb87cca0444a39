import { afterEach, expect, test, vi } from 'vitest'
import { type Clock, reportHealth } from '../../../cli/health/report-health.ts'
import type { Session } from '../../../cli/query/store-command.ts'
import { StoreError } from '../../../store/store-error.ts'
import type { HealthFigures } from '../../../store/trace-store.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const BEGUN = Date.UTC(2026, 10, 20, 12)
const NOTHING: HealthFigures = {
  now: {},
  before: {},
  newErrors: [],
  recurringErrors: [],
  stopped: [],
  regressions: [],
  senders: [],
}

/** Ends what has no end. */
class Over extends Error {}

/** A clock on which time only goes by when somebody waits; it ends with the time of the test. */
class SimulatedClock implements Clock {
  readonly #end: number
  #now = BEGUN
  longest = 0

  constructor(lasts: number) {
    this.#end = BEGUN + lasts
  }

  now(): number {
    return this.#now
  }

  pass(milliseconds: number): void {
    this.#now += milliseconds
  }

  async sleep(milliseconds: number): Promise<void> {
    this.longest = Math.max(this.longest, milliseconds)
    this.pass(milliseconds)
    if (this.#now > this.#end) throw new Over()
  }
}

/** When reports were made, in hours since it began, and the hours that they speak of. */
async function reportsOf(
  clock: SimulatedClock,
  flags: { every: number; period?: number },
  figures: (report: number) => HealthFigures = () => NOTHING,
): Promise<[at: number, hours: number][]> {
  const reports: [number, number][] = []
  const health = async (_: string, { since, until }: { since: bigint; until: bigint }): Promise<HealthFigures> => {
    reports.push([(Number(until / 1_000_000n) - BEGUN) / HOUR, Number(until - since) / 1e6 / HOUR])
    return figures(reports.length)
  }
  const session = { client: { health }, namespace: 'shop', json: true } as unknown as Session
  await expect(reportHealth(session, flags, clock)).rejects.toBeInstanceOf(Over)
  return reports
}

const [printed, noted] = [
  vi.spyOn(process.stdout, 'write').mockReturnValue(true),
  vi.spyOn(process.stderr, 'write').mockReturnValue(true),
]
afterEach(() => vi.clearAllMocks())

test('at once, then each so long after the one before, of the period until then', async () => {
  expect(await reportsOf(new SimulatedClock(3 * HOUR), { every: HOUR, period: 2 * HOUR })).toEqual([
    [0, 2],
    [1, 2],
    [2, 2],
    [3, 2],
  ])
  expect(printed).toHaveBeenCalledTimes(4)
})

test('a report that takes long delays none behind it; those that were missed are not made up for', async () => {
  const clock = new SimulatedClock(5 * HOUR)
  const reports = await reportsOf(clock, { every: HOUR }, report => {
    clock.pass(([0.5, 2.2][report - 1] ?? 0) * HOUR)
    return NOTHING
  })
  expect(reports.map(([at]) => at)).toEqual([0, 1, 4, 5])
})

test('a store that cannot be asked for a moment is noted, and asked again the next time', async () => {
  const reports = await reportsOf(new SimulatedClock(2 * HOUR), { every: HOUR }, report => {
    if (report === 2) throw new StoreError('io', 'no answer from http://127.0.0.1:7318')
    return NOTHING
  })
  expect(reports).toHaveLength(3)
  expect(printed).toHaveBeenCalledTimes(2)
  expect(noted.mock.calls).toEqual([['span-tree: no report this time: no answer from http://127.0.0.1:7318\n']])
})

test('every thirty days is not every millisecond: no timer is longer than one can be', async () => {
  const clock = new SimulatedClock(60 * DAY)
  const reports = await reportsOf(clock, { every: 30 * DAY })
  expect(reports.map(([at]) => at / 24)).toEqual([0, 30, 60])
  expect(clock.longest).toBeLessThan(2 ** 31)
})
