import { existsSync } from 'node:fs'
import { StoreError } from '../store-error.ts'
import { Connection } from './connection.ts'
import { APPLICATION_ID, MIGRATIONS } from './schema.ts'

export interface SqliteOptions {
  /** Nothing is written, nor made. */
  readonly readOnly?: boolean
  /** Milliseconds to wait for another process that is writing (5,000). */
  readonly wait?: number
}

/**
 * Opens a store's file, makes it where there is none, and brings it up to date. Throws a `StoreError` for what is not a store, or a
 * newer one, and leaves it as it is.
 */
export function openFile(
  file: string,
  { readOnly = false, wait = 5_000 }: SqliteOptions = {},
  migrations: readonly string[] = MIGRATIONS,
): Connection {
  if (readOnly && !existsSync(file)) throw new StoreError('missing', `${file} is not there`)
  const connection = new Connection(file, { readOnly, wait })
  try {
    const version = versionOf(connection, migrations)
    if (version < migrations.length) {
      if (readOnly && version > 0) openFile(file, { wait }, migrations).close()
      else if (readOnly) throw new StoreError('foreign', `${file} is empty`)
      else migrate(connection, version, migrations)
    }
    if (!readOnly)
      // Pages that many batches change are written back once for all of them: 8,000 are the 64 MiB that the log may have.
      connection.exec(
        'PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = 67108864; PRAGMA wal_autocheckpoint = 8000',
      )
    connection.exec('PRAGMA cache_size = -16384; PRAGMA temp_store = MEMORY')
    return connection
  } catch (error) {
    connection.close()
    throw error
  }
}

/** 0 for a file that is empty. */
function versionOf(connection: Connection, migrations: readonly string[]): number {
  const { file } = connection
  const version = pragma(connection, 'user_version')
  const application = pragma(connection, 'application_id')
  if (application !== APPLICATION_ID) {
    const { tables = 0 } = connection.get('SELECT count(*) AS tables FROM sqlite_schema') ?? {}
    if (application !== 0 || version !== 0 || tables > 0)
      throw new StoreError('foreign', `${file} is a database of another program`)
    return 0
  }
  if (version > migrations.length) {
    const versions = `its version is ${version}, this span-tree knows ${migrations.length}`
    throw new StoreError('newer', `${file} was written by a newer span-tree: ${versions}`)
  }
  return version
}

/** Whoever is first does it, in one transaction; others wait and find it done. */
function migrate(connection: Connection, version: number, migrations: readonly string[]): void {
  // Neither can be set later, nor within a transaction.
  if (version === 0) connection.exec('PRAGMA page_size = 8192; PRAGMA auto_vacuum = INCREMENTAL')
  toWal(connection)
  connection.transaction(() => {
    const from = versionOf(connection, migrations)
    for (const sql of migrations.slice(from)) connection.exec(sql)
    connection.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${migrations.length}`)
  })
}

/** SQLite does not wait here while another process does the same, in the first moment of a new file. */
function toWal(connection: Connection): void {
  for (let attempt = 0; ; attempt++) {
    try {
      connection.exec('PRAGMA journal_mode = WAL')
      return
    } catch (error) {
      if (!(error instanceof StoreError && error.code === 'busy') || attempt === 100) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10 + Math.random() * 20)
    }
  }
}

function pragma(connection: Connection, name: string): number {
  return connection.get(`PRAGMA ${name}`)?.[name] ?? 0
}
