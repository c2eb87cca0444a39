import { apiKeyId, isApiKey, newApiKey } from '../api-key.ts'
import { StoreError } from '../store-error.ts'
import type { ApiKey, User } from '../trace-store.ts'
import type { Connection } from './connection.ts'

interface StoredKey {
  readonly id: string
  readonly namespace: string
  readonly label: string
  readonly hash: Uint8Array
  readonly created: number
  readonly revoked: number | null
}

const KEYS = `SELECT id, namespaces.name AS namespace, label, hash, api_keys.created, revoked
  FROM api_keys JOIN namespaces ON namespaces.no = api_keys.namespace`

export function createKey(
  connection: Connection,
  namespace: number,
  label: string,
  now: number,
): { id: string; key: string } {
  const { id, key, hash } = newApiKey()
  const sql = 'INSERT INTO api_keys (id, namespace, label, hash, created) VALUES (?, ?, ?, ?, ?)'
  connection.run(sql, id, namespace, label, hash, now)
  return { id, key }
}

export function apiKeys(connection: Connection, namespace: string | undefined): ApiKey[] {
  return connection
    .all<StoredKey>(`${KEYS} ORDER BY api_keys.created, id`)
    .filter(key => namespace === undefined || key.namespace === namespace)
    .map(({ hash: _, revoked, ...key }) => ({ ...key, ...(revoked !== null && { revoked }) }))
}

export function revokeKey(connection: Connection, id: string, now: number): void {
  const sql = 'UPDATE api_keys SET revoked = coalesce(revoked, ?) WHERE id = ?'
  if (connection.run(sql, now, id) === 0) throw new StoreError('invalid', `there is no key ${id}`)
}

export function namespaceOfKey(connection: Connection, key: string): string | undefined {
  const id = apiKeyId(key)
  const stored = id === undefined ? undefined : connection.get<StoredKey>(`${KEYS} WHERE id = ?`, id)
  if (stored === undefined || !isApiKey(key, stored.hash) || stored.revoked !== null) return undefined
  return stored.namespace
}

export function visit(connection: Connection, user: string, namespace: number, now: number): void {
  connection.run('INSERT OR REPLACE INTO users VALUES (?, ?, ?)', user, namespace, now)
}

export function userOf(connection: Connection, name: string): User | undefined {
  const sql = `SELECT users.name, namespaces.name AS lastNamespace, last AS lastAccess
    FROM users JOIN namespaces ON namespaces.no = users.namespace WHERE users.name = ?`
  return connection.get<User>(sql, name)
}
