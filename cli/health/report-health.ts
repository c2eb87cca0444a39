import { setTimeout as sleep } from 'node:timers/promises'
import type { HealthFlags } from '../commands/health.ts'
import { note, outputWidth, printText } from '../query/print.ts'
import { FOUND, NONE, type Session } from '../query/store-command.ts'
import { healthMarkdown } from './health-markdown.ts'
import { type HealthReport, healthReport, isHealthy } from './health-report.ts'
import { healthText } from './health-text.ts'

const DAY = 86_400_000

/** Prints, or posts, a report; again and again where that is asked for. */
export async function reportHealth(session: Session, flags: HealthFlags): Promise<number> {
  for (;;) {
    const report = await reportOf(session, flags.period ?? DAY)
    const posted = flags.post === undefined ? print(report, formOf(session, flags)) : await post(report, flags.post)
    if (flags.every === undefined) return posted && (!flags.check || isHealthy(report)) ? FOUND : NONE
    await sleep(flags.every)
  }
}

async function reportOf({ client, namespace }: Session, period: number): Promise<HealthReport> {
  const now = Date.now()
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
