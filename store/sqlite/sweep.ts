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

/**
 * Groups of errors of which no trace is kept, and about which nobody has ever said anything (docs/decisions/0018-groups-forgotten.md). The one with
 * the highest number stays: its number would be given again, and means another group to whoever has noted it.
 */
const GROUPS = `DELETE FROM error_groups WHERE last_trace < ? AND merged_into IS NULL
  AND no NOT IN (SELECT merged_into FROM error_groups WHERE merged_into IS NOT NULL)
  AND no NOT IN (SELECT grp FROM annotations) AND no NOT IN (SELECT grp FROM occurrences)
  AND no < (SELECT max(no) FROM error_groups)`
const OF_GROUPS: readonly string[] = [
  'DELETE FROM group_keys WHERE grp NOT IN (SELECT no FROM error_groups)',
  'DELETE FROM group_hours WHERE grp NOT IN (SELECT no FROM error_groups)',
]

/** Deletes what no trace that is kept refers to any more. Writers that remember numbers of it learn so by the generation. */
export function sweep(connection: Connection): void {
  connection.transaction(() => {
    const sql = `SELECT coalesce((SELECT min(no) FROM traces), (SELECT seq + 1 FROM sqlite_sequence WHERE name = 'traces'), 0) AS oldest`
    const oldest = connection.get(sql)?.['oldest'] ?? 0
    if (connection.run(GROUPS, oldest) > 0) for (const each of OF_GROUPS) connection.run(each)
    const before = oldest - USED_WITHIN
    const gone = SWEEPS.reduce((sum, each) => sum + connection.run(each, before), 0)
    if (gone > 0) connection.run('UPDATE sweeps SET generation = generation + 1')
  })
}

export function generationOf(connection: Connection): number {
  return connection.get('SELECT generation FROM sweeps')?.['generation'] ?? 0
}
