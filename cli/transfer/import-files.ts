import { createReadStream, existsSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { note } from '../query/print.ts'
import { FOUND, NONE, type Session, UsageError } from '../query/store-command.ts'
import { type Found, Importer } from './importer.ts'
import { documentsIn } from './json-documents.ts'

/** Keeps what is in the files; `tags` beside, and above, those that are there. */
export async function importFiles(
  session: Session,
  files: readonly string[],
  tags: Readonly<Record<string, string>>,
): Promise<number> {
  const missing = files.find(file => file !== '-' && !existsSync(file))
  if (missing !== undefined) throw new UsageError(`no such file: ${missing}`)
  const importer = new Importer(session, tags)
  for (const file of files) {
    for await (const document of documentsIn(contentOf(file))) await importer.take(document)
  }
  await importer.flush()
  tell(importer.found)
  return importer.found.spans > 0 ? FOUND : NONE
}

function contentOf(file: string): Readable {
  return file === '-' ? process.stdin : createReadStream(file)
}

function tell({ traces, spans, refused, unknown, example }: Found): void {
  const of = `${spans} span${spans === 1 ? '' : 's'} of ${traces} trace${traces === 1 ? '' : 's'}`
  note(`${of} kept.`)
  if (refused > 0) note(`${refused} span${refused === 1 ? '' : 's'} refused: ${example ?? 'not well-formed'}`)
  if (unknown > 0) note(`${unknown} line${unknown === 1 ? '' : 's'} left out that are no traces.`)
}
