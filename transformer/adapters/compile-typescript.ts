import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import type TypeScript from 'typescript'
import type { ModuleFormat } from '../plan.ts'
import type { FileMap } from './compose-maps.ts'
import { syntaxError } from './syntax-error.ts'

export interface JavaScript {
  readonly code: string
  /** From `code` to the text that was given; undefined where every position is the same in both. */
  readonly map: FileMap | undefined
}

/**
 * Compiles one file with the project's own TypeScript and tsconfig: for what Node cannot remove as it removes types
 * (decorators, enums, namespaces, parameter properties, JSX). Undefined when the project has no TypeScript with a
 * JavaScript API (version 7 has none). Throws a SyntaxError for what is no TypeScript.
 */
export function compileTypeScript(text: string, file: string, format: ModuleFormat): JavaScript | undefined {
  const ts = loadTypeScript(file)
  if (!ts) return undefined
  const compilerOptions = { ...projectOptions(ts, file), ...fixedOptions(ts, format) }
  compilerOptions.target = reachableTarget(ts, compilerOptions.target)
  compilerOptions.jsx = runningJsx(ts, compilerOptions)
  const request = { fileName: file, compilerOptions, reportDiagnostics: true }
  const { outputText, sourceMapText, diagnostics = [] } = ts.transpileModule(text, request)
  const error = diagnostics.find(({ category, file }) => file && category === ts.DiagnosticCategory.Error)
  if (error) throw syntaxError(file, ts.flattenDiagnosticMessageText(error.messageText, ' '))
  const code = outputText.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, '\n')
  return { code, map: sourceMapText ? (JSON.parse(sourceMapText) as FileMap) : undefined }
}

/** What compilation depends on beside the file's text: TypeScript's version and the project's options. */
export function compilerFingerprint(file: string): string {
  const ts = loadTypeScript(file)
  return ts ? JSON.stringify([ts.version, projectOptions(ts, file)]) : ''
}

const instances = new Map<string, typeof TypeScript | undefined>()

function loadTypeScript(file: string): typeof TypeScript | undefined {
  for (const from of [file, `${process.cwd()}/_`]) {
    const ts = typeScriptOf(from)
    if (ts) return ts
  }
  return undefined
}

function typeScriptOf(from: string): typeof TypeScript | undefined {
  const directory = dirname(from)
  if (!instances.has(directory)) instances.set(directory, requireTypeScript(from))
  return instances.get(directory)
}

function requireTypeScript(from: string): typeof TypeScript | undefined {
  try {
    const ts = createRequire(from)('typescript') as typeof TypeScript
    return typeof ts.transpileModule === 'function' ? ts : undefined
  } catch {
    return undefined
  }
}

const configurations = new Map<string, TypeScript.CompilerOptions>()

function projectOptions(ts: typeof TypeScript, file: string): TypeScript.CompilerOptions {
  const path = ts.findConfigFile(dirname(file), existsSync)
  if (path === undefined) return {}
  const known = configurations.get(path)
  if (known) return known
  const { config } = ts.readConfigFile(path, ts.sys.readFile)
  // Only the options are wanted: with a host that lists no directory the project's files are not searched for.
  const host = { ...ts.sys, readDirectory: () => [] }
  const extended: ExtendedConfigurations = new Map()
  const { options } = ts.parseJsonConfigFileContent(config ?? {}, host, dirname(path), {}, path, [], [], extended)
  configurations.set(path, options)
  configurationFiles.set(path, [path, ...extended.keys()])
  return options
}

type ExtendedConfigurations = NonNullable<Parameters<typeof TypeScript.parseJsonConfigFileContent>[7]>

/** Of each tsconfig, itself and what it extends. */
const configurationFiles = new Map<string, readonly string[]>()

/**
 * The files that a compilation has depended on beside the text: TypeScript's `package.json`, and the tsconfig with what it
 * extends. Undefined where there is no tsconfig: nothing tells of one that comes later.
 */
export function compilerDependencies(file: string): readonly string[] | undefined {
  const from = [file, `${process.cwd()}/_`].find(typeScriptOf)
  const ts = from === undefined ? undefined : typeScriptOf(from)
  const config = ts?.findConfigFile(dirname(file), existsSync)
  const files = config === undefined ? undefined : configurationFiles.get(config)
  if (from === undefined || files === undefined) return undefined
  return [createRequire(from).resolve('typescript/package.json'), ...files]
}

function fixedOptions(ts: typeof TypeScript, format: ModuleFormat): TypeScript.CompilerOptions {
  return {
    module: format === 'module' ? ts.ModuleKind.ESNext : ts.ModuleKind.CommonJS,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    sourceMap: true,
    inlineSourceMap: false,
    inlineSources: false,
    declaration: false,
    declarationMap: false,
    composite: false,
    incremental: false,
    noEmit: false,
    removeComments: false,
    rewriteRelativeImportExtensions: false,
    // What the project compiles from JavaScript is no concern here: this file is to be compiled, whatever it is.
    allowJs: true,
    // With it, imports would stay as they are.
    ...(format !== 'module' && { verbatimModuleSyntax: false }),
  }
}

/** At most ES2022: what came later (decorators, `using`) not every Node can run, so TypeScript writes it out. */
function reachableTarget(ts: typeof TypeScript, target: TypeScript.ScriptTarget | undefined): TypeScript.ScriptTarget {
  const highest = ts.ScriptTarget.ES2022
  return target === undefined || target > highest ? highest : target
}

/** JSX that was to be left to a bundler is written out: there is no bundler here. */
function runningJsx(ts: typeof TypeScript, { jsx, jsxFactory }: TypeScript.CompilerOptions): TypeScript.JsxEmit {
  const { Preserve, ReactNative, React, ReactJSX } = ts.JsxEmit
  if (jsx !== undefined && jsx !== Preserve && jsx !== ReactNative) return jsx
  return jsxFactory === undefined ? ReactJSX : React
}
