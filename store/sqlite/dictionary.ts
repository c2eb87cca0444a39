import type { SpanRecord } from '../span-record.ts'
import type { Connection } from './connection.ts'
import { placeKey, placeText } from './span-row.ts'
import { generationOf, USED_WITHIN } from './sweep.ts'

/** Entries that are kept in memory; beyond it all are forgotten, and looked up again. */
const MAX_KNOWN = 50_000

/** Numbers of a place and of its function. */
export interface Place {
  readonly no: number
  readonly function: number
  readonly name: string
  readonly line: number | undefined
  readonly column: number | undefined
  /** The last trace that it is known to be used by, to within `USED_WITHIN`. */
  used: number
}

/** What occurs again and again is kept once, and named by a number: found in memory, most often. */
export class Dictionary {
  readonly #connection: Connection
  readonly #known = new Map<string, number>()
  readonly #places = new Map<number, Map<string, Place>>()
  /** Of sets of tags: see `Place.used`. */
  readonly #used = new Map<number, number>()
  #generation = -1

  constructor(connection: Connection) {
    this.#connection = connection
    // What was added in that transaction is not there.
    connection.onRollback(() => this.#forget())
  }

  /** To be called when a transaction begins: what another process has swept away is no longer known. */
  begin(): void {
    const generation = generationOf(this.#connection)
    if (generation !== this.#generation) this.#forget()
    this.#generation = generation
  }

  /** Made where there is none. `now`: milliseconds. */
  namespace(name: string, now: number): number {
    return this.#number(`n${name}`, () =>
      this.#added(
        'SELECT no FROM namespaces WHERE name = ?',
        [name],
        'INSERT INTO namespaces (name, created) VALUES (?, ?) RETURNING no',
        [name, now],
      ),
    )
  }

  tagset(namespace: number, tags: Readonly<Record<string, string>>): number {
    const entries = Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1))
    const text = JSON.stringify(Object.fromEntries(entries))
    return this.#number(`t${namespace} ${text}`, () => {
      const found = 'SELECT no FROM tagsets WHERE namespace = ? AND tags = ?'
      const made = 'INSERT INTO tagsets (namespace, tags) VALUES (?, ?) RETURNING no'
      const no = this.#added(found, [namespace, text], made, [namespace, text])
      for (const [name, value] of entries)
        this.#connection.run('INSERT OR IGNORE INTO tags VALUES (?, ?, ?, ?)', namespace, name, value, no)
      return no
    })
  }

  /** The set of tags is used by this trace. */
  useTagset(tagset: number, trace: number): void {
    if (trace - (this.#used.get(tagset) ?? -USED_WITHIN) < USED_WITHIN) return
    if (this.#used.size >= MAX_KNOWN) this.#used.clear()
    this.#used.set(tagset, trace)
    this.#connection.run('UPDATE tagsets SET used = max(used, ?) WHERE no = ?', trace, tagset)
  }

  series(namespace: number, tagset: number, name: string): number {
    return this.#number(`s${tagset} ${name}`, () => {
      const found = 'SELECT no FROM series WHERE namespace = ? AND name = ? AND tagset = ?'
      const made = 'INSERT INTO series (namespace, name, tagset) VALUES (?, ?, ?) RETURNING no'
      return this.#added(found, [namespace, name, tagset], made, [namespace, name, tagset])
    })
  }

  /** Found by its site or name, without a text being made of it, most often. `trace`: the number of the one that uses it. */
  place(namespace: number, span: SpanRecord, trace: number): Place {
    const place = this.#placeOf(namespace, span)
    if (trace - place.used >= USED_WITHIN) this.#usePlace(place, trace)
    return place
  }

  #usePlace(place: Place, trace: number): void {
    place.used = trace
    this.#connection.run('UPDATE places SET used = max(used, ?) WHERE no = ?', trace, place.no)
    this.#connection.run('UPDATE functions SET used = max(used, ?) WHERE no = ?', trace, place.function)
  }

  #placeOf(namespace: number, span: SpanRecord): Place {
    const { name, site } = span
    let places = this.#places.get(namespace)
    if (places === undefined) this.#places.set(namespace, (places = new Map()))
    const key = site?.id ?? name
    const known = places.get(key)
    if (known !== undefined && known.name === name && known.line === site?.line && known.column === site?.column)
      return known
    const place = this.#place(namespace, span)
    if (places.size >= MAX_KNOWN) places.clear()
    places.set(key, place)
    return place
  }

  #place(namespace: number, span: SpanRecord): Place {
    const { name, site } = span
    const no = this.#number(`p${placeKey(span)}`, () => {
      const text = placeText(span)
      const made = 'INSERT INTO places (place) VALUES (?) RETURNING no'
      return this.#added('SELECT no FROM places WHERE place = ?', [text], made, [text])
    })
    const used = -USED_WITHIN
    return { no, function: this.#function(namespace, span), name, line: site?.line, column: site?.column, used }
  }

  #function(namespace: number, { name, site }: SpanRecord): number {
    const id = site?.id ?? name
    return this.#number(`f${namespace} ${id}`, () => {
      const found = 'SELECT no FROM functions WHERE namespace = ? AND id = ?'
      const made = 'INSERT INTO functions (namespace, id, name) VALUES (?, ?, ?) RETURNING no'
      return this.#added(found, [namespace, id], made, [namespace, id, site?.name ?? name])
    })
  }

  #forget(): void {
    this.#known.clear()
    this.#places.clear()
    this.#used.clear()
  }

  #number(key: string, find: () => number): number {
    const known = this.#known.get(key)
    if (known !== undefined) return known
    if (this.#known.size >= MAX_KNOWN) this.#known.clear()
    const no = find()
    this.#known.set(key, no)
    return no
  }

  #added(find: string, by: (string | number)[], insert: string, values: (string | number)[]): number {
    const row = this.#connection.get(find, ...by) ?? this.#connection.get(insert, ...values)
    return row?.['no'] as number
  }
}
