import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseSync } from 'oxc-parser'

export const ROOT: string = fileURLToPath(new URL('../..', import.meta.url))

export interface Import {
  /** A file of the repository, relative to its root, or the name of a package. */
  readonly target: string
  readonly kind: 'file' | 'package'
  /** `type` leaves nothing in the running code; `later` loads only when the importer gets there. */
  readonly when: 'type' | 'at once' | 'later'
}

/** What the file imports, in the order of its text; `file` is relative to the repository's root. */
export function importsOf(file: string): Import[] {
  const text = readFileSync(join(ROOT, file), 'utf8')
  const { module } = parseSync(file, text)
  const now = [...module.staticImports, ...module.staticExports].flatMap(({ entries, ...statement }) => {
    const request = 'moduleRequest' in statement ? statement.moduleRequest : entries[0] && requestOf(entries[0])
    const onlyTypes = entries.length > 0 && entries.every(entry => entry.isType)
    return request ? [imported(file, request.value, onlyTypes ? 'type' : 'at once')] : []
  })
  const type = [...text.matchAll(/typeof import\('([^']+)'\)/g)].map(match => imported(file, match[1]!, 'type'))
  // `require` and `import()`; what the specifier is made of at run time stays out.
  const later = [...text.matchAll(/(?<!typeof )(?:import|require)\('([^']+)'\)/g)].map(match =>
    imported(file, match[1]!, 'later'),
  )
  return [...now, ...type, ...later]
}

function requestOf(entry: object): { value: string } | undefined {
  return (entry as { moduleRequest?: { value: string } | null }).moduleRequest ?? undefined
}

function imported(from: string, specifier: string, when: Import['when']): Import {
  if (specifier.startsWith('.')) return { target: join(dirname(from), specifier), kind: 'file', when }
  const [scope, name] = specifier.split('/')
  const target = specifier.startsWith('@') ? `${scope}/${name}` : specifier.startsWith('node:') ? specifier : scope!
  return { target, kind: 'package', when }
}

/** The TypeScript files of a folder and all below it, relative to the repository's root. */
export function sourcesIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && entry.name.endsWith('.ts'))
    .map(entry => relative(ROOT, join(entry.parentPath, entry.name)))
}
