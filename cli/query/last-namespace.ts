import type { TraceClient } from './trace-client.ts'
import { userName } from './user-name.ts'

/** Which of these this user looked at last, in the terminal UI; undefined where nobody remembers. */
export async function lastNamespace(client: TraceClient, names: readonly string[]): Promise<string | undefined> {
  const user = userName()
  const last = user === undefined ? undefined : (await client.user(user).catch(() => undefined))?.lastNamespace
  return last !== undefined && names.includes(last) ? last : undefined
}
