/** One thing that is wrong with what was sent. */
export interface Issue {
  /** Where: `spans[3].startTime`. */
  readonly path: string
  readonly message: string
}

export interface RefusalDetails {
  readonly issues?: readonly Issue[]
  readonly headers?: Readonly<Record<string, string>>
}

/** A request that is answered with a status other than 2xx. */
export class Refusal extends Error {
  readonly status: number
  readonly issues: readonly Issue[]
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, message: string, { issues = [], headers = {} }: RefusalDetails = {}) {
    super(message)
    this.name = 'Refusal'
    this.status = status
    this.issues = issues
    this.headers = headers
  }
}

/** Trouble of our own that passes. `seconds`: when to come again. */
export function comeAgain(status: 429 | 503, message: string, seconds = 1): Refusal {
  return new Refusal(status, message, { headers: { 'retry-after': String(seconds) } })
}

/** The body of an answer that says so. */
export function refusalBody({ message, issues }: Refusal): { error: { message: string; issues?: readonly Issue[] } } {
  return { error: { message, ...(issues.length > 0 && { issues }) } }
}
