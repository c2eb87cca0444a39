import type { ExporterHealth } from './exporters/exporter.ts'
import type { Health } from './health.ts'

/** For people, a line each; figures that are zero are left out. */
export function healthText({ exporters, eventLoopDelay, ...counts }: Health): string {
  const lines = [
    figures(counts),
    ...exporters.map(exporterText),
    `event loop late by ${eventLoopDelay.mean} ms, p99 ${eventLoopDelay.p99}, at most ${eventLoopDelay.max}`,
  ]
  return lines.map(line => `span-tree: ${line}\n`).join('')
}

function exporterText({ name, dropped, note, lastError, ...numbers }: ExporterHealth): string {
  const reasons = Object.entries(dropped).map(([reason, count]) => `dropped ${count} (${reason})`)
  const error = lastError === undefined ? [] : [`last error: ${lastError}`]
  return `${name}: ${[figures(numbers), ...reasons, ...(note === undefined ? [] : [note]), ...error].join(', ')}`
}

function figures(counts: object): string {
  const told = Object.entries(counts).filter(([, count]) => count !== 0)
  return told.length === 0 ? 'nothing' : told.map(([name, count]) => `${words(name)} ${count}`).join(', ')
}

function words(name: string): string {
  return name.replace(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`)
}
