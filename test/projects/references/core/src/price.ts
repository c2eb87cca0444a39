export interface Price {
  readonly cents: number
}

export const enum Unit { Cent = 1, Euro = 100 }

export function inCents(euros: number): Price {
  return { cents: Math.round(euros * Unit.Euro) }
}
