import { existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { StoreError } from '../../store/store-error.ts'
import { databasePath } from './database-path.ts'
import type { TraceClient } from './trace-client.ts'

export type Source =
  | { readonly kind: 'file'; readonly file?: string }
  | { readonly kind: 'url'; readonly url: string; readonly key?: string }

/** What will be done: `read` makes and changes nothing, `change` makes no file, `make` does. */
export type Purpose = 'read' | 'change' | 'make'

/** A file's, or a receiver's, traces. Rejects with a `StoreError`. */
export async function openClient(source: Source, purpose: Purpose): Promise<TraceClient> {
  if (source.kind === 'url') return (await import('./http-client.ts')).httpClient(source.url, source.key)
  const file = source.file ?? databasePath(process.env)
  if (purpose !== 'make' && !existsSync(file)) {
    const hint = source.file === undefined ? ': nothing was recorded yet (or name one with --db)' : ''
    throw new StoreError('missing', `${file} is not there${hint}`)
  }
  if (purpose === 'make') mkdirSync(dirname(file), { recursive: true })
  const { SqliteStore } = await import('../../store/sqlite/sqlite-store.ts')
  return new SqliteStore(file, { readOnly: purpose === 'read' })
}
