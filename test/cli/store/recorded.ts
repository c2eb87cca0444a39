import { newTraceId } from '../../../model/index.ts'
import { jsonLine } from '../../../runtime/exporters/json.ts'
import { crossing, EPOCH, error, message, span, tree } from '../../support/trees.ts'

/** Milliseconds from the beginning of the trees of tests to an hour ago, so that they are recent whenever a test runs. */
const AGO = Date.now() - 3_600_000 - Number(EPOCH / 1_000_000n)

export const TRACES = {
  tea: '3MTTjFEKX2rNbXV9yOaI4c7F0pU',
  cake: '3MTTjGrPwvLdRU3rwJrQuGYdjPQ',
  report: '3MTTkA0GZ7nJ0cZyJmQ5kKkD5eL',
} as const

/** Two checkouts, of which one failed, and a report by another app, as lines of JSON. */
export function recordedLines(): string {
  return [tea(), cake(), report()].join('\n')
}

function tea(): string {
  const at = AGO
  const price = span('price', { at: at + 1, ms: 5, site: 'src/price.ts:3:1', attributes: { item: 'tea' } })
  const root = span('checkout', { at, ms: 12 }, price, message('2 items', at + 7, { attributes: { order: 'A-4711' } }))
  return jsonLine(tree(root, { traceId: TRACES.tea }), { tags: { app: 'shop', version: '1.0.0' } })
}

function cake(): string {
  const at = AGO + 1_000
  const declined = error('Declined', 'card 4242 declined', { arguments: { total: 9 } })
  // Side by side, so that a timeline needs two lanes.
  const charge = span('charge', { at: at + 2, ms: 8, exitError: declined })
  const log = span('log', { at: at + 3, ms: 9 })
  const root = span('checkout', { at, ms: 20, exitError: crossing(charge) }, charge, log)
  return jsonLine(tree(root, { traceId: TRACES.cake }), { tags: { app: 'shop', version: '1.1.0' } })
}

function report(): string {
  const root = span('report', { at: AGO + 2_000, ms: 1_500, site: 'src/report.ts:1:1' })
  return jsonLine(tree(root, { traceId: TRACES.report }), { tags: { app: 'reports' } })
}

/** Two versions of an app, in the second of which a function takes longer, since one that it calls does. */
export function linesOfVersions(): string {
  const lines: string[] = []
  for (const [version, load] of [
    ['1', 4],
    ['2', 24],
  ] as const) {
    for (let i = 0; i < 110; i++) {
      const at = AGO + 10_000 + i * 100
      const rates = span('Rates.load', { at: at + 1, ms: load })
      const root = span('quote', { at, ms: load + 5 }, rates)
      lines.push(
        jsonLine(tree(root, { traceId: newTraceId(Number(EPOCH / 1_000_000n) + at) }), {
          tags: { app: 'quotes', version },
        }),
      )
    }
  }
  return lines.join('\n')
}

/** Times of the day, which depend on when and where a test runs, and the spaces that they push about. */
export function normalised(text: string): string {
  return text
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d|\b\d\d:\d\d:\d\d\b/g, '<time>')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d UTC/g, '<time>')
    .replace(/"\d{19}"/g, '"<ns>"')
    .replace(/(?<=\S) {2,}/g, '  ')
}
