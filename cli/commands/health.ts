import { type Command, InvalidArgumentError, Option } from 'commander'
import { spanOption } from '../query/moment.ts'
import { inSession, type SourceFlags, storeCommand } from '../query/store-command.ts'

export interface HealthFlags extends SourceFlags {
  readonly period?: number
  readonly format?: 'text' | 'json' | 'markdown'
  readonly check?: boolean
  readonly every?: number
  readonly post?: string
}

const HELP = `
What fails, what is new, what has become slower, what does not come any more; each beside the period before. Text on a terminal,
JSON elsewhere.

Examples:
  span-tree health
  span-tree health --period 1h
  span-tree health --period 7d --format markdown > report.md
  span-tree health --check                       exit code 1 where there is something to look at
  span-tree health --every 1d --period 1d --post https://hooks.example.com/…`

/** `span-tree health`: a report on a namespace. */
export function healthCommand(): Command {
  return storeCommand('health', 'report what fails, what is new, what is slower and what has stopped', HELP)
    .option('-p, --period <time>', 'of so long until now: 1h, 1d, 7d (1d)', spanOption)
    .addOption(new Option('-f, --format <format>', 'how it is written').choices(['text', 'json', 'markdown']))
    .option('--check', 'exit code 1 where there is something to look at')
    .option('--every <time>', 'again and again, until interrupted: 10s, 1h, 1d', everyOption)
    .option('--post <url>', 'post it as JSON in place of printing it', url)
    .action((flags: HealthFlags) =>
      inSession(flags, async session => {
        const { reportHealth } = await import('../health/report-health.ts')
        return reportHealth(session, flags)
      }),
    )
}

function everyOption(text: string): number {
  const every = spanOption(text)
  if (every < 1_000) throw new InvalidArgumentError('Write a second, 1s, or more.')
  return every
}

function url(text: string): string {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text))
    throw new InvalidArgumentError('Write a URL with http or https.')
  return text
}
