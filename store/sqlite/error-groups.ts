import type { GroupedBy } from '../grouping.ts'
import { StoreError } from '../store-error.ts'
import { decodeMarks, encodeMarks } from '../trace-status.ts'
import type { Annotation, ErrorGroup, ErrorGroupQuery, HandlingChange } from '../trace-store.ts'
import { type Handling, stateOf, UNRESOLVED } from '../triage.ts'
import { decodeTraceId } from './codes.ts'
import type { Connection } from './connection.ts'

const LIMIT = 50

interface StoredGroup {
  readonly no: number
  readonly type: string
  readonly message: string
  readonly site: string | null
  readonly grouped_by: GroupedBy
  readonly because: string
  readonly handling: string
  readonly marks: number
  readonly note: string
  readonly count: number
  readonly first: number
  readonly last: number
  readonly first_version: string | null
  readonly last_version: string | null
  readonly last_trace: Uint8Array | null
  readonly merged_into: number | null
}

/** What an annotation can change, as it is kept to be taken back. */
interface Decided {
  readonly handling: string
  readonly marks: number
  readonly note: string
}

const GROUPS = `SELECT error_groups.no, type, message, site, grouped_by, because, handling, marks, note, count, first, last,
  first_version, last_version, traces.id AS last_trace, merged_into
  FROM error_groups LEFT JOIN traces ON traces.no = last_trace WHERE error_groups.namespace = ?`

export function errorGroups(
  connection: Connection,
  namespace: number,
  { states, since = 0, silenced = false, limit = LIMIT }: ErrorGroupQuery,
  now: number,
): ErrorGroup[] {
  const found: ErrorGroup[] = []
  const sql = `${GROUPS} AND last >= ? ORDER BY last DESC`
  const seen = new Set<number>()
  for (const row of connection.all<StoredGroup>(sql, namespace, since)) {
    if (found.length >= limit) break
    const owner = ownerOf(connection, namespace, row)
    if (seen.has(owner.no)) continue
    seen.add(owner.no)
    const group = groupOf(connection, namespace, owner, now)
    if ((silenced || !group.marks.silenced) && (states?.includes(group.state) ?? true)) found.push(group)
  }
  return found
}

/** Of a group that was merged, the one that it was merged into. */
export function errorGroup(connection: Connection, namespace: number, id: number, now: number): ErrorGroup | undefined {
  const row = rowOf(connection, namespace, id)
  return row && groupOf(connection, namespace, ownerOf(connection, namespace, row), now)
}

export function annotate(
  connection: Connection,
  namespace: number,
  id: number,
  annotation: Annotation,
  now: number,
): ErrorGroup {
  return connection.transaction(() => {
    const row = ownerOf(connection, namespace, existing(connection, namespace, id))
    const before = decided(row)
    const { marks, note, handling, by } = annotation
    const after = {
      handling:
        handling === undefined ? before.handling : JSON.stringify(handlingOf(connection, row.no, handling, now)),
      marks: marks === undefined ? before.marks : encodeMarks(marks),
      note: note ?? before.note,
    }
    decide(connection, row.no, after)
    const sql = 'INSERT INTO annotations (grp, at, by, before, after) VALUES (?, ?, ?, ?, ?)'
    connection.run(sql, row.no, now, by ?? null, JSON.stringify(before), JSON.stringify(after))
    return errorGroup(connection, namespace, row.no, now) as ErrorGroup
  })
}

export function undo(connection: Connection, namespace: number, id: number, now: number): ErrorGroup {
  return connection.transaction(() => {
    const { no } = ownerOf(connection, namespace, existing(connection, namespace, id))
    const sql = 'SELECT no, before FROM annotations WHERE grp = ? ORDER BY no DESC LIMIT 1'
    const last = connection.get<{ no: number; before: string }>(sql, no)
    if (last === undefined) throw new StoreError('invalid', `error group ${id} has no annotation to take back`)
    decide(connection, no, JSON.parse(last.before) as Decided)
    connection.run('DELETE FROM annotations WHERE no = ?', last.no)
    return errorGroup(connection, namespace, no, now) as ErrorGroup
  })
}

export function merge(connection: Connection, namespace: number, id: number, into: number, now: number): ErrorGroup {
  return connection.transaction(() => {
    const group = existing(connection, namespace, id)
    const target = ownerOf(connection, namespace, existing(connection, namespace, into))
    if (target.no === ownerOf(connection, namespace, group).no)
      throw new StoreError('invalid', `error groups ${id} and ${into} are one already`)
    if (group.merged_into !== null) throw new StoreError('invalid', `error group ${id} is merged already`)
    connection.run('UPDATE error_groups SET merged_into = ? WHERE no = ?', target.no, id)
    return errorGroup(connection, namespace, into, now) as ErrorGroup
  })
}

/** The group as it would be had it never been merged: what came to it meanwhile is its own. */
export function unmerge(connection: Connection, namespace: number, id: number, now: number): ErrorGroup {
  return connection.transaction(() => {
    const group = existing(connection, namespace, id)
    if (group.merged_into === null) throw new StoreError('invalid', `error group ${id} is not merged`)
    connection.run('UPDATE error_groups SET merged_into = NULL WHERE no = ?', id)
    return errorGroup(connection, namespace, id, now) as ErrorGroup
  })
}

function handlingOf(connection: Connection, group: number, change: HandlingChange, now: number): Handling {
  if (change.kind === 'unresolved') return UNRESOLVED
  if (change.kind === 'resolved') return { ...change, at: now }
  const { until } = change
  if (until === 'forever') return { kind: 'archived', until: { kind: 'forever' } }
  if (until === 'escalating') {
    const sql = 'SELECT coalesce(max(count), 0) AS usual FROM group_hours WHERE grp = ?'
    return { kind: 'archived', until: { kind: 'escalating', usual: connection.get(sql, group)?.['usual'] ?? 0 } }
  }
  if ('more' in until) return { kind: 'archived', until: { kind: 'count', more: until.more } }
  return { kind: 'archived', until: { kind: 'date', at: until.at } }
}

function decided({ handling, marks, note }: StoredGroup): Decided {
  return { handling, marks, note }
}

function decide(connection: Connection, group: number, { handling, marks, note }: Decided): void {
  connection.run('UPDATE error_groups SET handling = ?, marks = ?, note = ? WHERE no = ?', handling, marks, note, group)
}

function rowOf(connection: Connection, namespace: number, id: number): StoredGroup | undefined {
  return connection.get<StoredGroup>(`${GROUPS} AND error_groups.no = ?`, namespace, id)
}

function existing(connection: Connection, namespace: number, id: number): StoredGroup {
  const row = rowOf(connection, namespace, id)
  if (row === undefined) throw new StoreError('invalid', `there is no error group ${id}`)
  return row
}

function ownerOf(connection: Connection, namespace: number, row: StoredGroup): StoredGroup {
  let owner = row
  while (owner.merged_into !== null) owner = existing(connection, namespace, owner.merged_into)
  return owner
}

/** All that were merged into it, and into them. */
function mergedInto(connection: Connection, namespace: number, id: number): StoredGroup[] {
  const found = connection.all<StoredGroup>(`${GROUPS} AND merged_into = ?`, namespace, id)
  return found.flatMap(row => [row, ...mergedInto(connection, namespace, row.no)])
}

function groupOf(connection: Connection, namespace: number, row: StoredGroup, now: number): ErrorGroup {
  const merged = mergedInto(connection, namespace, row.no)
  const all = [row, ...merged]
  const [newest, oldest] = [
    all.reduce((a, b) => (b.last > a.last ? b : a)),
    all.reduce((a, b) => (b.first < a.first ? b : a)),
  ]
  const handling = JSON.parse(row.handling) as Handling
  return {
    id: row.no,
    type: row.type,
    // Not the newest of all: the message of one error behind the type of another would be no error at all.
    message: row.message,
    ...(row.site !== null && { siteId: row.site }),
    groupedBy: row.grouped_by,
    because: row.because,
    state: stateOf(handling, oldest.first, now),
    handling,
    marks: decodeMarks(row.marks),
    ...(row.note !== '' && { note: row.note }),
    count: all.reduce((sum, { count }) => sum + count, 0),
    first: oldest.first,
    last: newest.last,
    ...(oldest.first_version !== null && { firstVersion: oldest.first_version }),
    ...(newest.last_version !== null && { lastVersion: newest.last_version }),
    ...(newest.last_trace !== null && { lastTraceId: decodeTraceId(newest.last_trace) }),
    merged: merged.map(({ no }) => no),
  }
}
