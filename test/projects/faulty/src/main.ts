/** @span */
export const answer = 42

export function doubled(): number {
  return Math.abs(answer * 2)
}
