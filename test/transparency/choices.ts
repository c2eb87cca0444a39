/**
 * Decisions taken from a list of numbers, one after the other: 0 for ever behind its end. A generator that puts its
 * simplest alternative first so turns shorter lists and smaller numbers into smaller programs, and fast-check, which shrinks
 * lists of numbers well, shrinks programs.
 */
export class Choices {
  readonly #numbers: readonly number[]
  #at = 0

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers
  }

  /** From 0 up to, not including, `bound`. */
  below(bound: number): number {
    return (this.#numbers[this.#at++] ?? 0) % bound
  }

  /** False where the list has ended. */
  chance(of: number): boolean {
    return this.below(of) === of - 1
  }

  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)] as T
  }

  get ended(): boolean {
    return this.#at >= this.#numbers.length
  }
}
