import type { Json } from '../span-of-json.ts'

/** A span that is being put together. */
export interface Piece {
  readonly path: string
  readonly name: string
  /** Nanoseconds of the recording's clock. */
  readonly start: bigint
  /** Absent while it is open. */
  end?: bigint
  /** Pieces of one time lie in one another in this order. */
  readonly order: number
  /** What was open when it was begun. */
  readonly within?: Piece
  attributes: Json
  readonly marks: Mark[]
  /** Known when it is placed. */
  place?: Place
}

/** Where a piece is in its trace. */
export interface Place {
  readonly traceId: string
  readonly id: string
  readonly parentId?: string
}

/** Something that happened at a time. */
export interface Mark {
  readonly time: bigint
  readonly fields: Json
}

export interface Settled {
  readonly pieces: readonly Piece[]
  /** Marks that were in no span. */
  readonly strayed: number
}

/** Writers cut times down to microseconds, starts and durations each for itself: a child can end that much behind its parent. */
const SLACK = 1_000n

/**
 * What one thread did, or what belongs to one asynchronous id: spans that lie within one another. They may come in any order, most often their ends
 * in order; which lies in which is known by their times.
 */
export class Track {
  readonly tags: Readonly<Record<string, string>>
  readonly #open: Piece[] = []
  /** Open too, but nothing will end them. */
  readonly #unended: Piece[] = []
  #closed: Piece[] = []
  #marks: Mark[] = []
  /** Where the last span ends that was given out. */
  #settled: bigint | undefined

  constructor(tags: Readonly<Record<string, string>>) {
    this.tags = tags
  }

  get isOpen(): boolean {
    return this.#open.length > 0
  }

  begin(piece: Omit<Piece, 'within' | 'marks'>): void {
    const within = this.#open.at(-1)
    this.#open.push({ ...piece, marks: [], ...(within && { within }) })
  }

  /** Ends what was begun last, of that name if there is one; returns false where nothing was. */
  end(name: string, time: bigint, attributes: Json): boolean {
    const named = this.#open.findLastIndex(piece => piece.name === name)
    const [piece] = this.#open.splice(named < 0 ? -1 : named, 1)
    if (piece === undefined) return false
    piece.end = time > piece.start ? time : piece.start
    piece.attributes = { ...piece.attributes, ...attributes }
    this.#closed.push(piece)
    return true
  }

  /** Returns whether spans that it may enclose were given out already. */
  add(piece: Omit<Piece, 'marks'>): boolean {
    const isLate = this.#settled !== undefined && piece.start < this.#settled
    const whole = { ...piece, marks: [] }
    if (piece.end === undefined) this.#unended.push(whole)
    else this.#closed.push(whole)
    return isLate
  }

  mark(mark: Mark): void {
    this.#marks.push(mark)
  }

  /** Gives out what has ended, parents first, each with its place; at the end also what has not. */
  settle(place: (piece: Piece, parent: Piece | undefined) => Place, isEnd: boolean): Settled {
    const pieces = [...this.#unended, ...this.#open, ...this.#closed].sort(byTime)
    const marks = this.#marks.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0))
    const stack: Piece[] = []
    let [next, strayed] = [0, 0]
    const takeMarks = (before?: bigint): void => {
      for (let mark = marks[next]; mark && (before === undefined || mark.time < before); mark = marks[++next])
        if (!attach(mark, stack)) strayed++
    }
    for (const piece of pieces) {
      takeMarks(piece.start)
      while (stack.length > 0 && !contains(stack.at(-1)!, piece)) stack.pop()
      piece.place ??= place(piece, stack.at(-1))
      stack.push(piece)
    }
    takeMarks()
    return { pieces: this.#give(pieces, isEnd), strayed }
  }

  #give(pieces: readonly Piece[], isEnd: boolean): Piece[] {
    for (const { end } of this.#closed) if (this.#settled === undefined || end! > this.#settled) this.#settled = end!
    this.#closed = []
    this.#marks = []
    return pieces.filter(({ end }) => isEnd || end !== undefined)
  }
}

/** By start; what takes longer encloses what does not. */
function byTime(a: Piece, b: Piece): number {
  if (a.start !== b.start) return a.start < b.start ? -1 : 1
  if (a.end !== b.end) return a.end === undefined || (b.end !== undefined && a.end > b.end) ? -1 : 1
  return a.order - b.order
}

function contains(outer: Piece, inner: Piece): boolean {
  if (outer.end === undefined || inner.within === outer) return true
  return inner.start < outer.end && inner.end !== undefined && inner.end <= outer.end + SLACK
}

function attach(mark: Mark, stack: readonly Piece[]): boolean {
  const around = stack.findLast(({ end }) => end === undefined || mark.time <= end)
  around?.marks.push(mark)
  return around !== undefined
}
