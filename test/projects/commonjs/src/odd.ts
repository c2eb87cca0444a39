import { isEven } from './even'

export function isOdd(n: number): boolean {
  return n !== 0 && isEven(n - 1)
}

export const early: boolean = isEven(0)
