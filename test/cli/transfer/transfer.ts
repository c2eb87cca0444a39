import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished, vi } from 'vitest'
import type { Session } from '../../../cli/query/store-command.ts'
import { exportTraces } from '../../../cli/transfer/export-traces.ts'
import type { Format } from '../../../cli/transfer/format.ts'
import { importFiles } from '../../../cli/transfer/import-files.ts'
import { durationOf, type Span } from '../../../model/index.ts'
import { SqliteStore } from '../../../store/index.ts'

export interface Imported {
  readonly session: Session
  readonly code: number
  /** What was said on standard error. */
  readonly said: string[]
}

export function newFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'span-tree-test-')))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export function newSession(): Session {
  const client = new SqliteStore(join(newFolder(), 'traces.db'))
  onTestFinished(() => client.close())
  return { client, namespace: 'default', json: true }
}

/** What `span-tree import` makes of a file with this content. */
export async function imported(content: string | object, session: Session = newSession()): Promise<Imported> {
  const file = join(newFolder(), 'trace.json')
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  const said: string[] = []
  const stderr = vi.spyOn(process.stderr, 'write').mockImplementation(text => said.push(String(text)) > 0)
  try {
    const code = await importFiles(session, [file], {})
    return { session, code, said: said.join('').trimEnd().split('\n') }
  } finally {
    stderr.mockRestore()
  }
}

export async function exported(session: Session, format: Format): Promise<string> {
  const output = join(newFolder(), 'out')
  await exportTraces(session, [], { format, output })
  return readFileSync(output, 'utf8')
}

/** All traces, the oldest first, as `name  ms  (messages)  {attributes}`, with tags and file:line:column. */
export async function treesOf({ client, namespace }: Session): Promise<string[]> {
  const summaries = await client.traces(namespace, { limit: 1_000 })
  const lines: string[] = []
  for (const { traceId, tags } of summaries.toSorted((a, b) => (a.start < b.start ? -1 : 1))) {
    const found = await client.trace(namespace, traceId)
    if (found.kind !== 'found') throw new Error(`no trace ${traceId}`)
    lines.push(`[${Object.entries(tags).map(([name, value]) => `${name}=${value}`)}]`)
    for (const { root } of found.trees) lines.push(...linesOf(root, 0))
  }
  return lines
}

function linesOf(span: Span, depth: number): string[] {
  const { name, status, site, messages, attributes, children } = span
  const duration = durationOf(span)
  const said = messages.map(({ text }) => ` “${text}”`).join('')
  const at = site ? ` ${site.file}:${site.line}:${site.column}` : ''
  const json = Object.keys(attributes).length > 0 ? ` ${JSON.stringify(attributes)}` : ''
  const took = duration === undefined ? status : `${Number(duration) / 1e6} ms`
  const line = `${'  '.repeat(depth)}${name} ${took}${at}${said}${json}`
  return [line, ...children.flatMap(child => linesOf(child, depth + 1))]
}
