/**
 * The API of TypeScript's native compiler (`typescript/sync` of 7.1), as far as it is used here. It is loaded from the
 * project's own installation and never imported: which compiler a project has shows when it is compiled.
 */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** Compiler options with enums as numbers: the server panics at a target given as a string. */
export type NativeOptions = Readonly<Record<string, unknown>>

export interface NativeApi {
  parseCommandLine(commandLine: readonly string[]): ParsedCommandLine
  parseConfigFile(file: string): ParsedCommandLine
  createSnapshot(parameters: SnapshotParameters): NativeSnapshot
  close(): void
}

export interface ParsedCommandLine {
  readonly fileNames: readonly string[]
  readonly options: NativeOptions
  /** As it was written. */
  readonly raw?: unknown
  readonly projectReferences?: readonly ProjectReference[] | undefined
  readonly errors: readonly unknown[]
}

export interface ProjectReference {
  /** Absolute; a directory or a file. */
  readonly path: string
}

export interface SnapshotParameters {
  readonly createPrograms?: readonly [ProgramParameters]
  readonly fileSystem?: FileSystemLayer
  readonly fileNotifications?: { readonly invalidateAll: true }
}

export interface ProgramParameters {
  readonly rootFiles: readonly string[]
  readonly compilerOptions: NativeOptions
  readonly options: { readonly projectReferences?: readonly ProjectReference[] | undefined }
}

export interface FileSystemLayer {
  readonly kind: 'layer'
  readonly files: Readonly<Record<string, string>>
}

export interface NativeSnapshot {
  readonly operation: { readonly createdPrograms?: readonly NativeProgram[] }
  update(parameters: SnapshotParameters): NativeSnapshot
  dispose(): void
}

export interface NativeProgram {
  getSourceFileNames(): readonly string[]
  getSourceFileMetadata(file: string): FileMetadata | undefined
  getProgramDiagnostics(): readonly unknown[]
  getConfigFileParsingDiagnostics(): readonly unknown[]
  emitToString(emitOnly: number): EmitOutput
}

export interface FileMetadata {
  readonly isFromExternalLibrary: boolean
  readonly packageJsonType: string
  /** A `ModuleKind`: how Node takes the file; 0 where that is not asked. */
  readonly impliedNodeFormat: number
}

export interface EmitOutput {
  readonly emitSkipped: boolean
  /** By absolute path. */
  readonly outputFiles: ReadonlyMap<string, EmittedFile>
}

export interface EmittedFile {
  readonly text: string
  /** The source that it was made of. */
  readonly sourceFileName?: string | undefined
}

/** `EmitOnly.OnlyJs`. */
export const ONLY_JAVASCRIPT = 1

/** Starts the compiler as a server for one directory. `compiler` is the directory of the package `typescript`. */
export async function startApi(compiler: string, cwd: string): Promise<NativeApi> {
  const module = (await load(compiler, 'dist/api/sync/api.js')) as { API: new (options: { cwd: string }) => NativeApi }
  return new module.API({ cwd })
}

/** The native executable, without the script of npm's package around it: signals reach it. */
export async function executableOf(compiler: string): Promise<string> {
  const module = (await load(compiler, 'lib/getExePath.js')) as { default: () => string }
  return module.default()
}

function load(compiler: string, path: string): Promise<unknown> {
  return import(pathToFileURL(join(compiler, path)).href)
}
