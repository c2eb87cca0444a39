/** What JSON, which has no bigints, says of a type: decimal texts in their place. */
export type Written<T> = { readonly [K in keyof T]: T[K] extends bigint | undefined ? string : T[K] }

export function withoutBigInts<T extends object>(fields: T): Written<T> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, plain(value)])) as Written<T>
}

/** A bigint as its decimal text, anything else as it is. */
export function plain(value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}
