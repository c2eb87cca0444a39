import type { DatabaseSync as Database, SQLInputValue, StatementSync } from 'node:sqlite'
import { StoreError, type StoreErrorCode } from '../store-error.ts'

type Numbers = Record<string, number>

const { DatabaseSync } = quietly(() => process.getBuiltinModule('node:sqlite'))

/** Statements by their text, and errors in words. */
export class Connection {
  readonly file: string
  readonly #database: Database
  readonly #statements = new Map<string, StatementSync>()
  readonly #onRollback: (() => void)[] = []
  #depth = 0

  /** `wait`: milliseconds for another process that is writing. */
  constructor(file: string, options: { readonly readOnly: boolean; readonly wait: number }) {
    this.file = file
    this.#database = guarded(file, () => new DatabaseSync(file, { readOnly: options.readOnly, timeout: options.wait }))
  }

  exec(sql: string): void {
    guarded(this.file, () => this.#database.exec(sql))
  }

  run(sql: string, ...values: SQLInputValue[]): number {
    return guarded(this.file, () => Number(this.#statement(sql).run(...values).changes))
  }

  /** Integers as numbers: not for times and ids. */
  get<T = Numbers>(sql: string, ...values: SQLInputValue[]): T | undefined {
    return guarded(this.file, () => this.#statement(sql).get(...values) as T | undefined)
  }

  all<T = Numbers>(sql: string, ...values: SQLInputValue[]): T[] {
    return guarded(this.file, () => this.#statement(sql).all(...values) as T[])
  }

  /** Integers as bigints. */
  getBig<T>(sql: string, ...values: SQLInputValue[]): T | undefined {
    return guarded(this.file, () => this.#statement(sql, true).get(...values) as T | undefined)
  }

  allBig<T>(sql: string, ...values: SQLInputValue[]): T[] {
    return guarded(this.file, () => this.#statement(sql, true).all(...values) as T[])
  }

  /** One row after the other; the caller may stop. */
  *each<T = Numbers>(sql: string, ...values: SQLInputValue[]): Generator<T> {
    const rows = guarded(this.file, () => this.#database.prepare(sql).iterate(...values)) as Iterator<T>
    for (let next = guarded(this.file, () => rows.next()); !next.done; next = guarded(this.file, () => rows.next()))
      yield next.value
  }

  /** A transaction that writes; what is done in it is done wholly or not at all. One within another is part of it. */
  transaction<T>(action: () => T): T {
    if (this.#depth > 0) return action()
    this.exec('BEGIN IMMEDIATE')
    this.#depth++
    try {
      const result = action()
      this.exec('COMMIT')
      return result
    } catch (error) {
      this.#rollBack()
      throw error
    } finally {
      this.#depth--
    }
  }

  /** A transaction that reads: all of it sees one state. */
  snapshot<T>(action: () => T): T {
    if (this.#depth > 0) return action()
    this.exec('BEGIN')
    this.#depth++
    try {
      return action()
    } finally {
      this.#depth--
      this.exec('COMMIT')
    }
  }

  /** `action` forgets what was only true within a transaction that is rolled back. */
  onRollback(action: () => void): void {
    this.#onRollback.push(action)
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close()
  }

  #rollBack(): void {
    try {
      // Some errors have ended the transaction already.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
    } finally {
      for (const action of this.#onRollback) action()
    }
  }

  #statement(sql: string, big = false): StatementSync {
    const key = big ? `${sql};` : sql
    let statement = this.#statements.get(key)
    if (statement === undefined) {
      statement = this.#database.prepare(sql)
      if (big) statement.setReadBigInts(true)
      this.#statements.set(key, statement)
    }
    return statement
  }
}

/** https://www.sqlite.org/rescode.html, primary codes. */
const CODES: Readonly<Record<number, readonly [StoreErrorCode, string]>> = {
  5: ['busy', 'is held by another process'],
  6: ['busy', 'is held by another process'],
  8: ['read-only', 'cannot be written to'],
  10: ['io', 'cannot be read or written'],
  11: ['corrupt', 'is damaged'],
  13: ['full', 'has no room left on its disk'],
  14: ['missing', 'is not there, or cannot be opened'],
  26: ['foreign', 'is not a database'],
}

function guarded<T>(file: string, action: () => T): T {
  try {
    return action()
  } catch (error) {
    const { errcode, errstr } = error as { errcode?: number; errstr?: string }
    const [code, words] = CODES[(errcode ?? 0) & 0xff] ?? []
    if (code === undefined || words === undefined) throw error
    throw new StoreError(code, `${file} ${words} (${errstr})`, error)
  }
}

/** Node 22 warns of the module when it is loaded, on the stderr of whoever traces. */
function quietly<T>(load: () => T): T {
  const { emitWarning } = process
  process.emitWarning = () => {}
  try {
    return load()
  } finally {
    process.emitWarning = emitWarning
  }
}
