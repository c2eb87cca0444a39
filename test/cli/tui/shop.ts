import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Span, SpanTree } from '../../../model/index.ts'
import { recordsOf } from '../../../store/index.ts'
import { SqliteStore } from '../../../store/sqlite/sqlite-store.ts'
import { crossing, EPOCH, error, message, said, span, tree } from '../../support/trees.ts'

/** Milliseconds since the Unix epoch: an hour after what was recorded. */
export const NOW = Number(EPOCH / 1_000_000n) + 3_600_000

export const TRACES = {
  tea: '3MTTjFEKX2rNbXV9yOaI4c7F0pU',
  cake: '3MTTjGrPwvLdRU3rwJrQuGYdjPQ',
  report: '3MTTkA0GZ7nJ0cZyJmQ5kKkD5eL',
} as const

/** What one process has sent: a checkout that went well, one that failed, and a report, by two apps. */
const TREES: readonly (readonly [app: string, version: string, tree: SpanTree])[] = [
  ['shop', '1.0.0', tea()],
  ['shop', '1.1.0', cake()],
  ['reports', '2.0.0', report()],
]

function tea(): SpanTree {
  const price = span('price', { at: 1, ms: 5, site: 'src/price.ts:3:1', attributes: { item: 'tea' } })
  const root = span('checkout', { ms: 12 }, price, message('2 items', 7, { attributes: { order: 'A-4711' } }))
  return tree(withParents(root), { traceId: TRACES.tea })
}

function cake(): SpanTree {
  const declined = error('Declined', 'card 4242 declined', {
    arguments: { total: 9, card: '[redacted]' },
    stack: 'Declined: card 4242 declined\n    at charge (/nowhere/shop/src/charge.ts:7:9)',
  })
  const lookups = [1, 2, 3, 4, 5].map(at => span('lookup', { at, ms: 1, site: 'src/lookup.ts:9:2' }))
  const charge = span('charge', { at: 10_008, ms: 8, site: 'src/charge.ts:5:3', exitError: declined })
  const basket = span('basket', { at: 10_000, ms: 7, site: 'src/basket.ts:2:1' }, ...lookups.map(shifted))
  const root = span(
    'checkout',
    {
      at: 10_000,
      ms: 20,
      site: 'src/checkout.ts:1:1',
      exitError: crossing(charge),
      attributes: { customer: 'Ada', items: ['cake'] },
      links: [{ traceId: TRACES.tea, spanId: '0000000000000002' }],
    },
    basket,
    said('debug', 'cache is cold', 10_001),
    said('warning', 'only one left', 10_007, { item: 'cake' }),
    charge,
  )
  return tree(withParents(root), { traceId: TRACES.cake })
}

export function withParents(parent: Span): Span {
  return { ...parent, children: parent.children.map(each => withParents({ ...each, parentId: parent.id })) }
}

function shifted(each: Span): Span {
  const [startTime, endTime] = [each.startTime + 10_000_000_000n, each.endTime! + 10_000_000_000n]
  return { ...each, startTime, endTime }
}

function report(): SpanTree {
  const root = span('report', { at: 20_000, ms: 1_500, site: 'src/report.ts:1:1' })
  return tree(root, { traceId: TRACES.report })
}

/** A new file with these traces, in each of the namespaces; deleted with the test. */
export async function shopDatabase(...namespaces: readonly string[]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'span-tree-tui-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'traces.db')
  for (const namespace of namespaces) await recordShop(file, namespace)
  return file
}

export function recordShop(file: string, namespace: string): Promise<void> {
  return record(file, namespace, ...TREES)
}

/** Adds trees to a file, as another process would. */
export async function record(file: string, namespace: string, ...trees: typeof TREES): Promise<void> {
  const store = new SqliteStore(file, { now: () => NOW })
  for (const [app, version, each] of trees) {
    await store.write({ namespace, tags: { app, version }, spans: recordsOf(each, EPOCH / 1_000n + 60_000_000n) })
  }
  await store.close()
}
