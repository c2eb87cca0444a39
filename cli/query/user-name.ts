import { userInfo } from 'node:os'

export function userName(): string | undefined {
  try {
    return userInfo().username
  } catch {
    // A user id that the system has no name for, as in containers.
    return undefined
  }
}
