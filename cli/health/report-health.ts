import { setTimeout as sleep } from 'node:timers/promises'
import type { HealthFlags } from '../commands/health.ts'
import { note, outputWidth, printText } from '../query/print.ts'
import { FOUND, isStoreError, NONE, type Session } from '../query/store-command.ts'
import { healthMarkdown } from './health-markdown.ts'
import { type HealthReport, healthReport, isHealthy } from './health-report.ts'
import { healthText } from './health-text.ts'

const DAY = 86_400_000

/** Milliseconds since the Unix epoch, and a promise of when so many have gone by. */
export interface Clock {
  now(): number
  sleep(milliseconds: number): Promise<unknown>
}

const CLOCK: Clock = { now: Date.now, sleep }

/** Prints, or posts, a report; again and again where that is asked for. */
export async function reportHealth(session: Session, flags: HealthFlags, clock: Clock = CLOCK): Promise<number> {
  const report = (): Promise<number> => reportOnce(session, flags, clock.now())
  if (flags.every === undefined) return report()
  // Each so long after the first, however long those before took: what was said to come daily comes at one time of the day.
  for (let due = clock.now(); ; due = nextAfter(due, flags.every, clock.now())) {
    await until(due, clock)
    await report().catch(notedError)
  }
}

/** Day by day: a timer knows no more than 24 of them, and does not count while a machine sleeps. */
async function until(due: number, clock: Clock): Promise<void> {
  for (let left = due - clock.now(); left > 0; left = due - clock.now()) await clock.sleep(Math.min(left, DAY))
}

async function reportOnce(session: Session, flags: HealthFlags, now: number): Promise<number> {
  const report = await reportOf(session, flags.period ?? DAY, now)
  const taken = flags.post === undefined ? print(report, formOf(session, flags)) : await post(report, flags.post)
  return taken && (!flags.check || isHealthy(report)) ? FOUND : NONE
}

/** Those that were missed, as by a laptop that slept, are not made up for. */
function nextAfter(due: number, every: number, now: number): number {
  return due + every * Math.max(1, Math.ceil((now - due) / every))
}

/** A receiver that is being started anew, or a file that is held for a moment, ends no schedule. */
function notedError(error: unknown): void {
  if (!isStoreError(error)) throw error
  note(`span-tree: no report this time: ${error.message}`)
}

async function reportOf({ client, namespace }: Session, period: number, now: number): Promise<HealthReport> {
  const until = BigInt(now) * 1_000_000n
  const since = until - BigInt(Math.round(period)) * 1_000_000n
  return healthReport(namespace, { since, until }, await client.health(namespace, { since, until }))
}

function formOf({ json }: Session, { format }: HealthFlags): 'text' | 'json' | 'markdown' {
  return format ?? (json ? 'json' : 'text')
}

function print(report: HealthReport, form: 'text' | 'json' | 'markdown'): true {
  if (form === 'json') process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
  else if (form === 'markdown') process.stdout.write(healthMarkdown(report))
  else printText(() => healthText(report, outputWidth()))
  return true
}

async function post(report: HealthReport, url: string): Promise<boolean> {
  const headers = { 'content-type': 'application/json' }
  const request = { method: 'POST', headers, body: JSON.stringify(report), signal: AbortSignal.timeout(10_000) }
  try {
    const { ok, status } = await fetch(url, request)
    if (!ok) note(`span-tree: the report was not taken: ${url} answered ${status}`)
    return ok
  } catch (error) {
    note(`span-tree: the report was not sent: ${(error as Error).message} (${url})`)
    return false
  }
}
