import { isOdd } from './odd'

// Called by the other half of the cycle before this module has run.
export function isEven(n: number): boolean {
  return n === 0 || isOdd(n - 1)
}

export const limit: number = isOdd(3) ? 3 : 0
