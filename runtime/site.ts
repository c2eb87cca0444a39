import type { FunctionKind, Site, SiteOptions } from '../model/index.ts'
import type { SiteRecord } from './site-record.ts'

/** A row of the table that the transformer writes into a file (docs/abi.md). */
export type SiteRow = readonly [
  name: string,
  functionKind: FunctionKind,
  line: number,
  column: number,
  extra?: { readonly n?: number; readonly p?: readonly string[]; readonly o?: SiteOptions; readonly f?: string },
]

const NO_PARAMETERS: readonly string[] = []
const NO_OPTIONS: SiteOptions = {}

/** A site as the hot path reads it: a class, so that all of them have one shape. */
export class RuntimeSite implements Site {
  readonly id: string
  readonly name: string
  readonly functionKind: FunctionKind
  readonly file: string
  readonly line: number
  readonly column: number
  readonly parameters: readonly string[]
  readonly options: SiteOptions
  readonly module?: string
  /** Milliseconds; 0 where there is no minimum, so that the comparison needs no test for absence. */
  readonly minDuration: number
  /** Calls are counted and make no span: they cost more than their share of the budget. */
  countedOnly = false
  /** Made when a call of it is exported. */
  record: SiteRecord | undefined = undefined

  constructor(file: string, module: string | undefined, row: SiteRow) {
    // By index: the program may have changed how arrays are iterated.
    const name = row[0]
    const extra = row[4]
    const path = extra?.f ?? file
    this.id = extra?.n === undefined ? `${path}#${name}` : `${path}#${name}~${extra.n}`
    this.name = name
    this.functionKind = row[1]
    this.file = path
    this.line = row[2]
    this.column = row[3]
    this.parameters = extra?.p ?? NO_PARAMETERS
    this.options = extra?.o ?? NO_OPTIONS
    if (module !== undefined) this.module = module
    this.minDuration = this.options.minDuration ?? 0
  }
}

/** Makes a file's site table; called once per file, at the first call of one of its functions. */
export function sites(file: string, module: string | undefined, rows: readonly SiteRow[]): readonly RuntimeSite[] {
  return rows.map(row => new RuntimeSite(file, module, row))
}
