import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Line } from '../../runtime/exporters/line.ts'
import { Locator } from '../../runtime/exporters/locator.ts'
import { StoreError } from '../../store/store-error.ts'
import type { ErrorGroup } from '../../store/trace-store.ts'
import { compareVersions, type GroupState } from '../../store/triage.ts'
import { type AnnotateFlags, changeOf } from '../query/annotate-group.ts'
import { databasePath } from '../query/database-path.ts'
import { lastNamespace } from '../query/last-namespace.ts'
import { openClient, type Source } from '../query/open-client.ts'
import { callsFor, slowestWithin } from '../query/slow-calls.ts'
import type { TraceClient } from '../query/trace-client.ts'
import { userName } from '../query/user-name.ts'
import { entryLines } from './entry-lines.ts'
import { storeFilter } from './filter.ts'
import { helpLines } from './help.ts'
import { FUNCTIONS, REGRESSIONS, SLOW_CALLS } from './slow-rows.ts'
import type { SourceFiles } from './source-file.ts'
import type { ErrorsView, SlowRow, SlowView, TracesView, View } from './state.ts'
import { documentOf, type TraceDocument } from './trace-document.ts'

const OPEN_STATES: readonly GroupState[] = ['new', 'ongoing', 'regressed', 'escalating']
const MAX_GROUPS = 500
const MAX_SLOW = 100

/** Answers what views ask, from a file or a receiver. It is opened when it is first asked, and again where that failed. */
export class TraceSource {
  /** As a person would call it. */
  readonly where: string
  readonly #source: Source
  readonly #files: SourceFiles
  readonly #locator = new Locator({ cwd: process.cwd() })
  #client: TraceClient | undefined
  #seen = ''

  constructor(source: Source, files: SourceFiles) {
    this.#source = source
    this.#files = files
    this.where = source.kind === 'url' ? source.url : (source.file ?? databasePath(process.env))
  }

  /** The only namespace there is, or the one that this user looked at last; undefined where a person has to choose. */
  async namespace(): Promise<string | undefined> {
    const client = await this.#open()
    const names = (await client.namespaces()).map(({ name }) => name)
    if (names.length === 1) return names[0]
    return lastNamespace(client, names)
  }

  /** Remembered for the next time, where that can be written. */
  async visit(namespace: string): Promise<void> {
    const user = userName()
    const client = await this.#open()
    const exists = (await client.namespaces()).some(({ name }) => name === namespace)
    if (user === undefined || !exists) return
    await this.#changing(changing => changing.visit(user, namespace))
  }

  /** Whether something may have been recorded since it was asked last. A receiver has to be asked. */
  changed(): boolean {
    if (this.#source.kind === 'url') return true
    const seen = ['', '-wal'].map(suffix => signature(resolve(this.where + suffix))).join()
    const changed = seen !== this.#seen
    this.#seen = seen
    return changed || this.#client === undefined
  }

  async load(view: View, namespace: string, columns: number): Promise<unknown> {
    if (view.kind === 'help') return helpLines(columns - 2)
    if (view.kind === 'entry') return this.#entryLines(view, columns)
    const client = await this.#open()
    switch (view.kind) {
      case 'namespaces':
        return client.namespaces()
      case 'dashboard':
        return client.dashboard(namespace, storeFilter(view.filter, Date.now()))
      case 'traces':
        return traces(client, namespace, view)
      case 'errors':
        return errors(client, namespace, view)
      case 'slow':
        return slow(client, namespace, view)
      case 'trace':
        return this.#document(client, namespace, view.traceId)
    }
  }

  mark(namespace: string, group: number, flags: AnnotateFlags): Promise<ErrorGroup> {
    return this.#changing(async client => {
      const change = changeOf({ client, namespace }, group, flags)
      const before = await client.errorGroup(namespace, group)
      if (before === undefined) throw new StoreError('invalid', `there is no group ${group}`)
      return change(before)
    })
  }

  /** The other end of a message's reference. */
  async otherEnd(
    namespace: string,
    id: string,
    spanId: string,
  ): Promise<{ traceId: string; spanId: string } | undefined> {
    const client = await this.#open()
    const uses = await client.references(namespace, id)
    return uses.find(use => use.spanId !== spanId)
  }

  async close(): Promise<void> {
    await this.#client?.close()
  }

  #entryLines({ node, document }: Extract<View, { kind: 'entry' }>, columns: number): Line[] {
    return entryLines(node, document, columns - 2, this.#files)
  }

  async #document(client: TraceClient, namespace: string, id: string): Promise<TraceDocument> {
    const found = await client.trace(namespace, id)
    if (found.kind === 'none') throw new StoreError('invalid', `there is no trace ${id} in ${namespace}`)
    if (found.kind === 'ambiguous')
      throw new StoreError('invalid', `several traces begin with ${id}: ${found.traceIds.join(', ')}`)
    const document = documentOf(found.summary, found.trees, this.#locator)
    this.#files.learn(document.nodes)
    return document
  }

  async #open(): Promise<TraceClient> {
    this.#client ??= await openClient(this.#source, 'read')
    return this.#client
  }

  /** What changes a file does so in a connection of its own, which nobody has to wait for. */
  async #changing<T>(action: (client: TraceClient) => Promise<T>): Promise<T> {
    if (this.#source.kind === 'url') return action(await this.#open())
    const client = await openClient(this.#source, 'change')
    try {
      return await action(client)
    } finally {
      await client.close()
    }
  }
}

function signature(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false })
  return stats === undefined ? '' : `${stats.mtimeMs} ${stats.size} ${stats.ino}`
}

async function traces(client: TraceClient, namespace: string, { filter, name, limit }: TracesView): Promise<unknown> {
  const text = filter.words === '' ? {} : { text: filter.words }
  return client.traces(namespace, {
    ...storeFilter(filter, Date.now()),
    ...text,
    ...(name !== undefined && { name }),
    limit,
  })
}

function errors(client: TraceClient, namespace: string, { all, filter }: ErrorsView): Promise<unknown> {
  const since = storeFilter(filter, Date.now()).since
  return client.errorGroups(namespace, {
    limit: MAX_GROUPS,
    ...(since !== undefined && { since: Number(since / 1_000_000n) }),
    ...(all ? { silenced: true } : { states: OPEN_STATES }),
  })
}

async function slow(client: TraceClient, namespace: string, { filter }: SlowView): Promise<SlowRow[]> {
  const { since } = storeFilter(filter, Date.now())
  const query = { limit: MAX_SLOW, ...(since !== undefined && { since }) }
  const apps = (await client.namespaces()).find(({ name }) => name === namespace)?.apps ?? []
  const newest = new Set(apps.flatMap(({ versions }) => [...versions].sort(compareVersions).slice(-1)))
  const regressions = (await Promise.all([...newest].map(version => client.regressions(namespace, version)))).flat()
  const [calls, functions] = await Promise.all([
    client.slowSpans(namespace, { ...query, limit: callsFor(MAX_SLOW) }),
    client.functions(namespace, query),
  ])
  return [
    ...titled(
      REGRESSIONS,
      regressions.map((regression): SlowRow => ({ kind: 'regression', regression })),
    ),
    ...titled(
      SLOW_CALLS,
      slowestWithin(calls, MAX_SLOW).map((span): SlowRow => ({ kind: 'span', span })),
    ),
    ...titled(
      FUNCTIONS,
      functions.map((latency): SlowRow => ({ kind: 'function', latency })),
    ),
  ]
}

function titled(title: string, rows: readonly SlowRow[]): SlowRow[] {
  return rows.length === 0 ? [] : [{ kind: 'title', title }, ...rows]
}
