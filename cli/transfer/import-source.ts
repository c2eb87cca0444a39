import { createReadStream, createWriteStream, statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type DocumentKind, DocumentKinds } from './profiles/document-kind.ts'

/** A file to import. */
export interface ImportSource {
  /** As the command line named it. */
  readonly name: string
  readonly kind: DocumentKind
  /** Milliseconds since the Unix epoch at which it was written. */
  readonly written: number
  /** Bytes, where they are known. */
  readonly size?: number
  /** Its content from the beginning; what is no file (standard input, a pipe) can be read once, unless it is a profile. */
  open(): Readable
  close(): Promise<void>
}

/** `-`: standard input. */
export async function openSource(name: string): Promise<ImportSource> {
  const stats = name === '-' ? undefined : statSync(name)
  if (!stats?.isFile()) return openStream(name, name === '-' ? process.stdin : createReadStream(name))
  const content = createReadStream(name)
  const { kind } = await kindOf(content[Symbol.asyncIterator]())
  content.destroy()
  const open = (): Readable => createReadStream(name)
  return { name, kind, written: stats.mtimeMs, size: stats.size, open, async close() {} }
}

/** Profiles are read twice, so that they need not be in memory. */
async function openStream(name: string, content: Readable): Promise<ImportSource> {
  const chunks: AsyncIterator<Buffer> = content[Symbol.asyncIterator]()
  const { kind, begun } = await kindOf(chunks)
  const whole = Readable.from(joined(begun, chunks))
  const written = Date.now()
  if (kind === 'lines') return { name, kind, written, open: () => whole, async close() {} }
  const folder = await mkdtemp(join(tmpdir(), 'span-tree-import-'))
  const file = join(folder, 'content')
  const close = (): Promise<void> => rm(folder, { recursive: true, force: true })
  await pipeline(whole, createWriteStream(file)).catch(async error => {
    await close()
    throw error
  })
  return { name, kind, written, size: statSync(file).size, open: () => createReadStream(file), close }
}

/** Reads no further than it has to. */
async function kindOf(chunks: AsyncIterator<Buffer>): Promise<{ kind: DocumentKind; begun: Buffer[] }> {
  const kinds = new DocumentKinds()
  const decoder = new TextDecoder()
  const begun: Buffer[] = []
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
    begun.push(next.value)
    const kind = kinds.look(decoder.decode(next.value, { stream: true }))
    if (kind !== undefined) return { kind, begun }
  }
  return { kind: 'lines', begun }
}

async function* joined(begun: readonly Buffer[], rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield* begun
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value
}
