import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import kleur from 'kleur'
import { projectRoot, withProgramFiles } from '../../transformer/adapters/program-files.ts'
import { reportDiagnostics } from '../../transformer/adapters/report.ts'
import { configure } from '../../transformer/configuration/configure.ts'
import type { SelectOptions } from '../../transformer/options.ts'
import { progressOn } from '../progress.ts'
import { BuiltDirectory, type Tally } from './built-directory.ts'
import { filesBelow, isJavaScript } from './built-files.ts'

/**
 * Instruments what lies at the paths, in place or, with `out`, on the way to that directory, and prints what was done.
 * Returns the exit code.
 */
export function instrumentPaths(paths: readonly string[], out: string | undefined, flags: SelectOptions): number {
  const configured = configure(flags, projectRoot(process.cwd()))
  reportDiagnostics(configured.diagnostics)
  const options = { ...withProgramFiles(configured.options), root: configured.root }
  const target = out === undefined ? undefined : resolve(out)
  let files = 0
  for (const path of paths) {
    const directory = new BuiltDirectory(resolve(path), target, options)
    instrumentAll(directory, inputs(path, target))
    files += directory.tally.files
    process.stdout.write(`${summary(out === undefined ? path : `${path} → ${out}`, directory.tally)}\n`)
  }
  return files === 0 ? 1 : 0
}

function inputs(path: string, out: string | undefined): readonly string[] {
  const absolute = resolve(path)
  if (!statSync(path).isDirectory()) return [absolute]
  const files = filesBelow(absolute, out)
  // A file's map is written with it; what is left of the maps is copied afterwards.
  return [...files.filter(isJavaScript), ...files.filter(file => !isJavaScript(file))]
}

function instrumentAll(directory: BuiltDirectory, files: readonly string[]): void {
  const progress = progressOn(process.stderr)
  for (const [i, file] of files.entries()) {
    progress.show(`instrumenting ${i + 1}/${files.length}  ${file}`)
    const diagnostics = directory.add(file)
    if (diagnostics.length > 0) progress.clear()
    reportDiagnostics(diagnostics)
  }
  progress.clear()
}

function summary(path: string, tally: Tally): string {
  if (tally.files === 0) return `${path}: no JavaScript here`
  const left = [
    [tally.refused, 'refused'],
    [tally.skipped, 'trivial'],
    [tally.excluded, 'excluded'],
  ].flatMap(([count, what]) => (count ? [`${count} ${what}`] : []))
  const files = [
    [tally.before, 'instrumented before'],
    [tally.unreadable, 'left as they are'],
    [tally.copied, 'copied'],
  ].flatMap(([count, what]) => (count ? [`${count} ${what}`] : []))
  const functions = `${kleur.bold(tally.functions)} functions${left.length ? ` (not: ${left.join(', ')})` : ''}`
  return `${path}: ${functions} in ${tally.changed} of ${tally.files} files${files.length ? `; ${files.join(', ')}` : ''}`
}
