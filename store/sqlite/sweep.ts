import type { Connection } from './connection.ts'

/**
 * What many spans have in common is kept once, and outlives them: sets of tags of hosts that are no more, places in code that was changed.
 * Nobody counts who refers to it, as that would cost each span a write. In place of it `used` says by which trace it was
 * used last, to within this many traces; traces go in the order of their numbers.
 */
export const USED_WITHIN = 500

/** Parameter: what was used last by a trace before this one may go. Series first, since they refer to sets of tags. */
const SWEEPS: readonly string[] = [
  'DELETE FROM series WHERE ?1 > 0 AND NOT EXISTS (SELECT 1 FROM counts WHERE counts.series = series.no)',
  'DELETE FROM tagsets WHERE used < ?1 AND no NOT IN (SELECT tagset FROM series)',
  'DELETE FROM tags WHERE ?1 > 0 AND tagset NOT IN (SELECT no FROM tagsets)',
  'DELETE FROM senders WHERE ?1 > 0 AND tagset NOT IN (SELECT no FROM tagsets)',
  'DELETE FROM places WHERE used < ?1',
  'DELETE FROM functions WHERE used < ?1 AND NOT EXISTS (SELECT 1 FROM durations WHERE function = functions.no)',
]

/** Deletes what no trace that is kept refers to any more. Writers that remember numbers of it learn so by the generation. */
export function sweep(connection: Connection): void {
  connection.transaction(() => {
    const sql = `SELECT coalesce((SELECT min(no) FROM traces), (SELECT seq + 1 FROM sqlite_sequence WHERE name = 'traces'), 0) AS oldest`
    const before = (connection.get(sql)?.['oldest'] ?? 0) - USED_WITHIN
    const gone = SWEEPS.reduce((sum, each) => sum + connection.run(each, before), 0)
    if (gone > 0) connection.run('UPDATE sweeps SET generation = generation + 1')
  })
}

export function generationOf(connection: Connection): number {
  return connection.get('SELECT generation FROM sweeps')?.['generation'] ?? 0
}
