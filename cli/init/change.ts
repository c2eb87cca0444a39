/** One file as it is to become. */
export interface Change {
  /** Relative to the project. */
  readonly path: string
  /** Undefined for a file that is new. */
  readonly before: string | undefined
  readonly after: string
}

/** What is proposed for one part of a project: a change, or what is to be done by hand; nothing where all is done. */
export interface Proposal {
  readonly change?: Change
  readonly advice?: string
}
