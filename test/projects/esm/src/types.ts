export interface Order {
  readonly id: number
  readonly items: readonly string[]
}
