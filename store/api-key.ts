import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** `st_` + what it is found by + `_` + what only its holder knows. */
export interface NewApiKey {
  readonly id: string
  /** The whole key; shown once, kept by nobody. */
  readonly key: string
  readonly hash: Uint8Array
}

const KEY = /^st_([0-9a-f]{12})_([0-9A-Za-z_-]{43})$/

export function newApiKey(): NewApiKey {
  const id = randomBytes(6).toString('hex')
  const key = `st_${id}_${randomBytes(32).toString('base64url')}`
  return { id, key, hash: hashOf(key) }
}

/** The part of a key by which it is found; undefined where the text is no key. */
export function apiKeyId(key: string): string | undefined {
  return KEY.exec(key)?.[1]
}

/** In a time that does not depend on how much of it is right. */
export function isApiKey(key: string, hash: Uint8Array): boolean {
  const given = hashOf(key)
  return given.length === hash.length && timingSafeEqual(given, hash)
}

/** 256 bits of chance need no salt and no slow hash. */
function hashOf(key: string): Uint8Array {
  return createHash('sha256').update(key).digest()
}
