/** @span */
export const late = (n: number): number => Math.max(n, 1)
