export class Clock {
  constructor(readonly at: number) {}

  /** @span tick */
  time(): number {
    return this.at
  }
}
