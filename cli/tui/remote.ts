/** `code`: of a `StoreError`. */
export interface Trouble {
  readonly message: string
  readonly code?: string
}

/** What was asked for: on its way, here, or not to be had. What was here before stays on the screen meanwhile. */
export interface Remote<T> {
  readonly value?: T
  readonly error?: Trouble
  readonly loading: boolean
}

export const ASKED: Remote<never> = { loading: true }

export function arrived<T>(value: T): Remote<T> {
  return { value, loading: false }
}

/** Not to be had now; what was here before is kept. */
export function missed<T>({ value }: Remote<T>, error: Trouble): Remote<T> {
  return { ...(value !== undefined && { value }), error, loading: false }
}
