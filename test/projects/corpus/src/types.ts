export interface Item {
  readonly name: string
  readonly price: number
}

export type Items = readonly Item[]
