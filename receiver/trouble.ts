import { StoreError } from '../store/store-error.ts'
import { comeAgain, Refusal } from './refusal.ts'

/** Seconds after which trouble that takes a person to end it may have ended. */
const LATER = 30

/**
 * What an error means to who asked. A store that cannot keep anything says so by 503, so that nobody throws away what it was to keep; what
 * nobody has thought of is told on stderr.
 */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  if (error instanceof StoreError) {
    if (error.code === 'invalid') return new Refusal(404, error.message)
    if (error.code === 'busy') return comeAgain(503, 'the store is busy')
    tell(error.message)
    return comeAgain(503, `the store cannot be used: ${error.code}`, LATER)
  }
  tell(error instanceof Error ? (error.stack ?? error.message) : String(error))
  return new Refusal(500, 'this should not have happened; the receiver’s stderr says more')
}

function tell(what: string): void {
  process.stderr.write(`span-tree serve: ${what}\n`)
}
