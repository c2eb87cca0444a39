/** Microseconds, with thousandths, as the trace event format counts: exact to the nanosecond over some weeks. */
export function microsecondsOf(nanoseconds: bigint): number {
  return Number(nanoseconds) / 1e3
}

/** `microseconds`: any finite number. The whole part apart from the rest, since 2⁵³ nanoseconds are but a hundred days. */
export function nanosecondsOf(microseconds: number): bigint {
  const whole = Math.floor(microseconds)
  return BigInt(whole) * 1_000n + BigInt(Math.round((microseconds - whole) * 1e3))
}
