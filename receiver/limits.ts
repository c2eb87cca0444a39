/** What one request, and all of them together, may take. */
export interface Limits {
  /** Bytes of a body as it is sent. */
  readonly maxBody: number
  /** Bytes of a body when it is unpacked. */
  readonly maxUnpacked: number
  /** Bytes of bodies that wait for being kept; beyond it, requests are told to come again. */
  readonly maxPending: number
}

// OTLP recommends 64 MiB. A body of spans is 20 times that of its packed form at most, save for those that mean harm.
export const LIMITS: Limits = { maxBody: 32 << 20, maxUnpacked: 64 << 20, maxPending: 256 << 20 }
