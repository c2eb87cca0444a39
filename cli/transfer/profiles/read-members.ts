import type { Hash } from 'node:crypto'
import type { Findings } from '../findings.ts'
import type { ImportSource } from '../import-source.ts'
import { type JsonMember, JsonMembers } from './json-members.ts'

/** A part of a document that could be read. */
export interface Part {
  readonly key: string
  readonly path: string
  readonly json: unknown
}

export interface Reading {
  /** Names of lists whose elements come one by one. */
  readonly lists: readonly string[]
  readonly findings: Findings
  /** Taken of all the bytes, when they are read for the first time of two; what cannot be read is named the second time. */
  readonly digest?: Hash
}

/** The parts of a document, some at a time; those that cannot be read are left out, and named. */
export async function* partsOf(source: ImportSource, reading: Reading): AsyncGenerator<readonly Part[]> {
  const { lists, findings, digest } = reading
  const named = digest === undefined ? findings : undefined
  const members = new JsonMembers(lists)
  const decoder = new TextDecoder()
  for await (const chunk of source.open() as AsyncIterable<Buffer>) {
    digest?.update(chunk)
    findings.read(chunk.length)
    yield members.push(decoder.decode(chunk, { stream: true })).flatMap(member => readable(member, named))
  }
  yield members.end().flatMap(member => readable(member, named))
  if (members.goesOn) named?.name('behind the end', 'there is more, which was not read')
}

function readable(member: JsonMember, findings: Findings | undefined): Part[] {
  const { key, path, text } = member
  if (text === undefined) {
    findings?.name(path, 'longer than 128 MiB')
    return []
  }
  try {
    return [{ key, path, json: JSON.parse(text) }]
  } catch (error) {
    return recovered(member, text, findings, (error as Error).message)
  }
}

function recovered({ key, path }: JsonMember, text: string, findings: Findings | undefined, why: string): Part[] {
  const parts: Part[] = []
  const lines = text.trim().split('\n')
  for (const [i, line] of lines.entries()) {
    const json = lines.length > 1 ? parsed(line) : undefined
    if (json !== undefined) parts.push({ key, path: `${path}, line ${i + 1} of it`, json })
    else findings?.name(lines.length > 1 ? `${path}, line ${i + 1} of it` : path, lines.length > 1 ? 'no JSON' : why)
  }
  return parts
}

function parsed(line: string): object | undefined {
  try {
    const json: unknown = JSON.parse(line.trim().replace(/,$/, ''))
    return typeof json === 'object' && json !== null ? json : undefined
  } catch {
    return undefined
  }
}
