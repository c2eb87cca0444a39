import type { WireAttributes, WireValue } from './wire.ts'

/** A 64-bit integer as JSON: a number where that is exact. */
export function integerValue(value: bigint): number | string {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : String(value)
}

/** A double as JSON: `NaN` and the infinities by name. */
export function numberValue(value: number): number | string {
  return Number.isFinite(value) ? value : String(value)
}

/** Sets a property that may be called `__proto__`. */
export function setOwn(into: Record<string, WireValue>, name: string, value: WireValue): void {
  if (name !== '__proto__') into[name] = value
  else Object.defineProperty(into, name, { value, enumerable: true, writable: true, configurable: true })
}

export function isEmpty(attributes: WireAttributes): boolean {
  return Object.keys(attributes).length === 0
}
