import { readFileSync } from 'node:fs'
import { type ContentCache, openCache } from '../../cache.ts'
import { instrument } from '../../instrument.ts'
import { matchesFile } from '../../match.ts'
import type { Diagnostic } from '../../plan.ts'
import { isCandidate } from '../../planner.ts'
import type { FileMap } from '../compose-maps.ts'
import { type EditedFile, rememberedFile } from '../kept-file.ts'
import {
  type EmittedFile,
  type FileMetadata,
  type NativeApi,
  type NativeProgram,
  type NativeSnapshot,
  ONLY_JAVASCRIPT,
  type ProgramParameters,
} from './api.ts'
import { nativeFormat } from './emit-format.ts'
import { inlineMapToOriginal, mapToOriginal, type SourceEdit } from './output-map.ts'
import type { NativeProject } from './project.ts'

/** JavaScript and maps of one project, by absolute path. */
export interface Emitted {
  readonly files: ReadonlyMap<string, string>
  readonly diagnostics: readonly Diagnostic[]
  /** Globs of `include` that no file of the program matches. */
  readonly unmatched: readonly string[]
}

interface EditedSource extends Partial<SourceEdit> {
  readonly code: string
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * A project in the native compiler, twice: as it is, and with the instrumented text of its files in a layer above the
 * file system. JavaScript is emitted from the second; what has to do with types comes from the first.
 */
export class InstrumentedProgram {
  readonly #project: NativeProject
  readonly #cache: ContentCache | undefined
  readonly #snapshot: NativeSnapshot
  readonly #program: NativeProgram

  constructor(api: NativeApi, project: NativeProject) {
    this.#project = project
    this.#cache = openCache(project.root, process.env)
    // What was read before may have changed: the server is asked again in watch mode.
    this.#snapshot = api.createSnapshot({
      createPrograms: [parameters(project, {})],
      fileNotifications: { invalidateAll: true },
    })
    this.#program = createdProgram(this.#snapshot)
  }

  /** Whether the compiler refuses the options, or their combination: nothing good can be emitted then. */
  hasWrongOptions(): boolean {
    return this.#program.getProgramDiagnostics().length > 0
  }

  /** Whether `noEmitOnError` keeps the compiler from emitting. Checks the whole program where it is set. */
  isBlockedByErrors(): boolean {
    return Boolean(this.#project.options['noEmitOnError']) && this.#program.emitToString(ONLY_JAVASCRIPT).emitSkipped
  }

  emit(): Emitted {
    const sources = this.#sources()
    const edits = new Map(sources.map(file => [file, this.#edit(file)]))
    const layer = [...edits].filter(([, edit]) => edit.map).map(([file, { code }]): [string, string] => [file, code])
    const snapshot = this.#snapshot.update({
      // Types are not asked of this one, whose code has no types for what was injected.
      createPrograms: [parameters(this.#project, { noEmitOnError: false })],
      fileSystem: { kind: 'layer', files: Object.fromEntries(layer) },
    })
    const { outputFiles } = createdProgram(snapshot).emitToString(ONLY_JAVASCRIPT)
    const inputs = new Set(sources)
    // The compiler has said what it thinks of an output that would replace a source.
    const outputs = [...outputFiles].filter(([path]) => !inputs.has(path) && !path.endsWith('.tsbuildinfo'))
    const files = new Map(outputs.map(([path, file]) => [path, finished(path, file, edits)]))
    snapshot.dispose()
    const diagnostics = [...edits.values()].flatMap(edit => edit.diagnostics)
    return { files, diagnostics, unmatched: this.#unmatched(sources) }
  }

  dispose(): void {
    this.#snapshot.dispose()
  }

  #sources(): readonly string[] {
    const candidates = this.#program
      .getSourceFileNames()
      .filter(file => !/\.d\.([cm]?ts|[^/]+\.ts)$|\.json$/.test(file))
    return candidates.filter(file => !this.#program.getSourceFileMetadata(file)?.isFromExternalLibrary)
  }

  #edit(file: string): EditedSource {
    const original = decode(readFileSync(file))
    const { code, map, diagnostics } = this.#remembered(file, original)
    return map ? { code, original, map: map as FileMap, diagnostics } : { code, diagnostics }
  }

  /** What has been made of the file before, in this round or an earlier run, with nothing parsed. */
  #remembered(file: string, original: string): EditedFile {
    const { root, select, options } = this.#project
    const metadata = this.#program.getSourceFileMetadata(file)
    const make = (): EditedFile => this.#instrument(file, original, metadata)
    // What a predicate says depends on more than its text.
    if (!this.#cache || select.predicate || !isCandidate(original, { ...select, root, filename: file })) return make()
    const { impliedNodeFormat, packageJsonType } = metadata ?? {}
    const dependencies = ['native', root, select, options, impliedNodeFormat ?? null, packageJsonType ?? null]
    return rememberedFile(this.#cache, dependencies, { code: original, filename: file }, make)
  }

  #instrument(file: string, original: string, metadata: FileMetadata | undefined): EditedFile {
    const { root, select, options } = this.#project
    return instrument(original, {
      ...select,
      filename: file,
      root,
      format: nativeFormat(file, original, metadata, options),
      strict: (options['alwaysStrict'] ?? options['strict'] ?? true) as boolean,
      fastParse: true,
    })
  }

  #unmatched(sources: readonly string[]): readonly string[] {
    const { select, root } = this.#project
    const patterns = (select.include ?? []).filter(pattern => !pattern.startsWith('!'))
    return patterns.filter(pattern => !sources.some(file => matchesFile(file, { include: [pattern], root })))
  }
}

function parameters({ rootFiles, options, references }: NativeProject, own: object): ProgramParameters {
  const compilerOptions = { ...options, ...own }
  return { rootFiles, compilerOptions, options: { projectReferences: references } }
}

function createdProgram({ operation }: NativeSnapshot): NativeProgram {
  return operation.createdPrograms?.[0] as NativeProgram
}

function finished(
  path: string,
  { text, sourceFileName }: EmittedFile,
  edits: ReadonlyMap<string, EditedSource>,
): string {
  const edit = sourceFileName === undefined ? undefined : edits.get(sourceFileName)
  if (!edit?.map || edit.original === undefined) return text
  const known = { original: edit.original, map: edit.map }
  return path.endsWith('.map') ? mapToOriginal(text, known) : inlineMapToOriginal(text, known)
}

/** As the compiler reads files: UTF-8, or UTF-16 where a mark says so; without the mark. */
function decode(bytes: Buffer): string {
  const [first, second] = bytes
  if (first === 0xff && second === 0xfe) return bytes.subarray(2).toString('utf16le')
  if (first === 0xfe && second === 0xff) return Buffer.from(bytes.subarray(2)).swap16().toString('utf16le')
  return bytes.toString('utf8').replace(/^\uFEFF/, '')
}
