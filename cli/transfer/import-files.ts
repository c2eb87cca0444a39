import { note } from '../query/print.ts'
import { FOUND, NONE, type Session } from '../query/store-command.ts'
import { Findings } from './findings.ts'
import { type ImportSource, openSource } from './import-source.ts'
import { type Found, Importer } from './importer.ts'
import { documentsIn } from './json-documents.ts'

/** Keeps what is in the files; `tags` beside, and above, those that are there. */
export async function importFiles(
  session: Session,
  files: readonly string[],
  tags: Readonly<Record<string, string>>,
): Promise<number> {
  const findings = new Findings()
  const importer = new Importer(session, tags, findings)
  try {
    for (const file of files) await importFile(file, importer, files.length > 1)
    await importer.flush()
  } finally {
    findings.clear()
  }
  tell(importer.found)
  for (const line of findings.lines()) note(line)
  return importer.found.spans > 0 ? FOUND : NONE
}

async function importFile(file: string, importer: Importer, isOneOfSeveral: boolean): Promise<void> {
  const source = await openSource(file)
  importer.findings.begin(source, source.kind === 'lines' ? 1 : 2, isOneOfSeveral)
  try {
    await read(source, importer)
  } finally {
    await source.close()
  }
}

async function read(source: ImportSource, importer: Importer): Promise<void> {
  switch (source.kind) {
    case 'chrome':
      return (await import('./profiles/import-chrome.ts')).importChrome(source, importer)
    case 'speedscope':
      return (await import('./profiles/import-speedscope.ts')).importSpeedscope(source, importer)
    case 'lines':
      for await (const document of documentsIn(source.open(), bytes => importer.findings.read(bytes)))
        await importer.take(document)
  }
}

function tell({ traces, spans, refused, unknown, example }: Found): void {
  const of = `${spans} span${spans === 1 ? '' : 's'} of ${traces} trace${traces === 1 ? '' : 's'}`
  note(`${of} kept.`)
  if (refused > 0) note(`${refused} span${refused === 1 ? '' : 's'} refused: ${example ?? 'not well-formed'}`)
  if (unknown > 0) note(`${unknown} line${unknown === 1 ? '' : 's'} left out that are no traces.`)
}
