import type { ErrorRecord } from '../../model/index.ts'
import { groupingOf } from '../grouping.ts'
import type { SpanRecord } from '../span-record.ts'
import { decodeMarks, encodeMarks, type MarkedError } from '../trace-status.ts'
import { afterOccurrence, type Handling, UNRESOLVED } from '../triage.ts'
import { decodeSpanId, milliseconds } from './codes.ts'
import type { Connection } from './connection.ts'

/** Characters of a message that a group shows. */
const MAX_MESSAGE = 1_000
/** Merges that follow one another, at most. */
const MAX_DEPTH = 20
const HOUR = 3_600_000

interface Origin {
  readonly namespace: number
  readonly version: string
}

interface Found {
  readonly error: ErrorRecord
  readonly isExit: boolean
  /** Milliseconds. */
  readonly time: number
}

interface StoredGroup {
  readonly no: number
  readonly handling: string
  readonly marks: number
  readonly merged_into: number | null
}

/** Errors, put into groups as they arrive, and counted once each. */
export class Occurrences {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** How many there are in the span that had not been known. */
  add(origin: Origin, trace: number, span: SpanRecord, id: bigint): number {
    let added = 0
    for (const found of errorsIn(span)) if (this.#add(origin, trace, id, found, span.site?.id)) added++
    return added
  }

  ofTrace(trace: number): MarkedError[] {
    const sql = 'SELECT span, is_exit, marks FROM occurrences WHERE trace = ?'
    return this.#connection
      .allBig<{ span: bigint; is_exit: bigint; marks: bigint }>(sql, trace)
      .map(({ span, is_exit, marks }) => ({
        spanId: decodeSpanId(span),
        exit: is_exit === 1n,
        marks: decodeMarks(Number(marks)),
      }))
  }

  #add(origin: Origin, trace: number, span: bigint, found: Found, siteId: string | undefined): boolean {
    const group = this.#group(origin, trace, found, siteId)
    const owner = this.#owner(group)
    const { marks } = owner
    const sql = 'INSERT OR IGNORE INTO occurrences VALUES (?, ?, ?, ?, ?)'
    if (this.#connection.run(sql, trace, span, group.no, found.isExit ? 1 : 0, marks) === 0) {
      // Logged while the span ran, and left it in the end.
      const exits = 'UPDATE occurrences SET is_exit = 1 WHERE trace = ? AND span = ? AND grp = ?'
      if (found.isExit) this.#connection.run(exits, trace, span, group.no)
      return false
    }
    this.#count(origin, trace, found, group.no, owner)
    return true
  }

  #group(origin: Origin, trace: number, { error, time }: Found, siteId: string | undefined): StoredGroup {
    const { keys, by, because } = groupingOf(error, siteId)
    const find = `SELECT no, handling, marks, merged_into FROM error_groups
      WHERE no = (SELECT grp FROM group_keys WHERE namespace = ? AND key = ?)`
    for (const key of keys) {
      const group = this.#connection.get<StoredGroup>(find, origin.namespace, key)
      if (group !== undefined) return group
    }
    const insert = `INSERT INTO error_groups
      (namespace, type, message, site, grouped_by, because, handling, marks, note, count, first, last, last_trace)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, '', 0, ?, ?, ?) RETURNING no, handling, marks, merged_into`
    const names = [error.type, error.message.slice(0, MAX_MESSAGE), siteId ?? null, by, because]
    const decided = [JSON.stringify(UNRESOLVED), encodeMarks({})]
    const made = this.#connection.get<StoredGroup>(insert, origin.namespace, ...names, ...decided, time, time, trace)
    for (const key of keys)
      this.#connection.run('INSERT INTO group_keys VALUES (?, ?, ?)', origin.namespace, key, made!.no)
    return made as StoredGroup
  }

  /** The group that it was merged into, whose marks hold. */
  #owner(group: StoredGroup): StoredGroup {
    let owner = group
    for (let depth = 0; owner.merged_into !== null && depth < MAX_DEPTH; depth++) {
      const sql = 'SELECT no, handling, marks, merged_into FROM error_groups WHERE no = ?'
      owner = this.#connection.get<StoredGroup>(sql, owner.merged_into) ?? { ...owner, merged_into: null }
    }
    return owner
  }

  #count({ version }: Origin, trace: number, { error, time }: Found, group: number, owner: StoredGroup): void {
    const hourly = `INSERT INTO group_hours VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET count = count + 1 RETURNING count`
    const inHour = this.#connection.get(hourly, owner.no, Math.floor(time / HOUR))?.['count'] ?? 1
    const update = `UPDATE error_groups SET count = count + 1,
      message = iif(?1 >= last, ?2, message), last_version = iif(?1 >= last, ?3, last_version),
      last_trace = iif(?1 >= last, ?4, last_trace), last = max(last, ?1),
      first_version = iif(?1 <= first, ?3, first_version), first = min(first, ?1) WHERE no = ?5`
    this.#connection.run(update, time, error.message.slice(0, MAX_MESSAGE), version || null, trace, group)
    const handling = JSON.parse(owner.handling) as Handling
    const after = afterOccurrence(handling, { time, inHour, ...(version !== '' && { version }) })
    if (after !== handling)
      this.#connection.run('UPDATE error_groups SET handling = ? WHERE no = ?', JSON.stringify(after), owner.no)
  }
}

function errorsIn({ exitError, endTime, startTime, messages }: SpanRecord): Found[] {
  const found: Found[] = []
  if (exitError?.kind === 'error')
    found.push({ error: exitError, isExit: true, time: milliseconds(endTime ?? startTime) })
  for (const { error, time } of messages)
    if (error !== undefined) found.push({ error, isExit: false, time: milliseconds(time) })
  return found
}
