/** What kept a store from doing what it was asked. */
export type StoreErrorCode =
  /** Another process holds it for longer than we wait; asked again later it may be free. */
  | 'busy'
  /** No room on the disk. */
  | 'full'
  /** Damaged. */
  | 'corrupt'
  /** The file is something else. */
  | 'foreign'
  /** Written by a later version. */
  | 'newer'
  /** There is no such file, or it cannot be opened. */
  | 'missing'
  /** It, or its folder, cannot be written to. */
  | 'read-only'
  /** Reading or writing failed. */
  | 'io'
  /** What was named is not there, or does not fit. */
  | 'invalid'

/** What was not acknowledged by then is not kept; what was, is. */
export class StoreError extends Error {
  readonly code: StoreErrorCode

  constructor(code: StoreErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'StoreError'
    this.code = code
  }
}
