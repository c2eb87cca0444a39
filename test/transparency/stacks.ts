import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping'

/** The frames of errors in one run of a program, with positions in its source. */
export class Stacks {
  readonly #filename: string
  readonly #map: TraceMap | undefined
  readonly #frames = new WeakMap<object, readonly string[]>()

  constructor(filename: string, map: string | null) {
    this.#filename = filename
    this.#map = map === null ? undefined : new TraceMap(map)
  }

  /** To be `Error.prepareStackTrace` while the program runs. */
  readonly prepare = (error: object, sites: readonly NodeJS.CallSite[]): string => {
    const frames = sites.flatMap((site, i) => this.#frame(site, sites[i - 1]))
    this.#frames.set(error, frames)
    return `${String(error)}\n${frames.map(frame => `    at ${frame}`).join('\n')}`
  }

  framesOf(error: Error): readonly string[] {
    // V8 makes the frames of an error when its stack is first read.
    void error.stack
    return this.#frames.get(error) ?? ['no frames']
  }

  #frame(site: NodeJS.CallSite, below: NodeJS.CallSite | undefined): string[] {
    const file = site.getFileName() ?? ''
    const text = site
      .toString()
      .replace(/\(?[^\s()]+:\d+:\d+\)?$|\(?<anonymous>\)?$/, '')
      .trim()
    // Where a class is made whose static members call something, V8 names the place of some call before it.
    if (below?.getFunctionName() === '<static_initializer>') return [`${text} somewhere`]
    if (file === this.#filename) return [`${text} ${this.#position(site)}`.trim()]
    return file.startsWith('node:') || file.includes('/test/transparency/') ? ['host'] : [`${text} elsewhere`]
  }

  #position(site: NodeJS.CallSite): string {
    const [line, column] = [site.getLineNumber() ?? 0, site.getColumnNumber() ?? 0]
    if (!this.#map || line === 0) return `${line}:${column}`
    const original = originalPositionFor(this.#map, { line, column: column - 1 })
    return `${original.line}:${(original.column ?? -1) + 1}`
  }
}
