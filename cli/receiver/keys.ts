import { existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { ADMIN } from '../../receiver/access.ts'
import { SqliteStore } from '../../store/sqlite/sqlite-store.ts'
import { StoreError } from '../../store/store-error.ts'
import type { ApiKey } from '../../store/trace-store.ts'
import { databasePath } from '../query/database-path.ts'
import { note, printList, printTable } from '../query/print.ts'
import type { Cell, Column } from '../query/table.ts'

interface Database {
  readonly db?: string
}

interface NewKey extends Database {
  readonly namespace: string
  readonly admin?: boolean
  readonly label: string
}

/** The key alone goes to stdout, so that scripts can take it. These resolve to the exit code. */
export function createKey({ db, namespace, admin, label }: NewKey): Promise<number> {
  return withStore(db, true, async store => {
    if (namespace === '' || namespace === ADMIN) throw new StoreError('invalid', `${namespace || "''"} is no namespace`)
    const { id, key } = await store.createKey(admin ? ADMIN : namespace, label)
    process.stderr.write(`Key ${id} opens ${admin ? 'all namespaces' : namespace}. It is not shown again:\n`)
    process.stdout.write(`${key}\n`)
  })
}

export function listKeys({ db, json }: Database & { readonly json?: boolean }): Promise<number> {
  return withStore(db, false, async store => {
    const keys = await store.keys()
    if (json || !process.stdout.isTTY) printList(keys.map(keyJson))
    else if (keys.length > 0) printTable(COLUMNS, () => keys.map(row))
    else note('There is no key: only this machine is answered.')
  })
}

export function revokeKey(id: string, { db }: Database): Promise<number> {
  return withStore(db, false, store => store.revokeKey(id))
}

function keyJson({ created, revoked, ...rest }: ApiKey): object {
  const since = { created: new Date(created).toISOString() }
  return { ...rest, ...since, ...(revoked !== undefined && { revoked: new Date(revoked).toISOString() }) }
}

const COLUMNS: readonly Column[] = [
  { title: 'Id' },
  { title: 'Opens' },
  { title: 'Made' },
  { title: 'Revoked', expendable: true },
  { title: 'For', flexible: true, expendable: true },
]

function row({ id, namespace, label, created, revoked }: ApiKey): Cell[] {
  return [
    { text: id },
    { text: namespace === ADMIN ? 'all namespaces' : namespace },
    { text: dayOf(created) },
    { text: revoked === undefined ? '' : dayOf(revoked) },
    { text: label },
  ]
}

function dayOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10)
}

async function withStore(
  db: string | undefined,
  make: boolean,
  use: (store: SqliteStore) => Promise<void>,
): Promise<number> {
  const file = db ?? databasePath(process.env)
  try {
    if (!make && !existsSync(file)) throw new StoreError('missing', `${file} is not there (--db names another)`)
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    const store = new SqliteStore(file)
    try {
      await use(store)
      return 0
    } finally {
      await store.close()
    }
  } catch (error) {
    process.stderr.write(`span-tree keys: ${(error as Error).message}\n`)
    return 1
  }
}
