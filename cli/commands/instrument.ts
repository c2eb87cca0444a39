import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { Command } from 'commander'
import { type SelectFlags, withSelectOptions } from '../select-options.ts'

interface InstrumentFlags extends SelectFlags {
  readonly out?: string
}

const HELP = `
Sites point at the original sources where a file has a source map (inline, or in a file beside it), and globs go by
them; the maps still lead there afterwards. Files without a map go by their own positions. What was instrumented
before stays as it is, so the command can be run again.

Without --include and a configuration, all functions are instrumented but trivial ones. Files that cannot be read or
parsed are left as they are, with a line each; the exit code is then still 0. It is 1 where there is nothing to do.

Examples:
  span-tree instrument dist/
  span-tree instrument dist/ --out dist-traced/
  span-tree instrument dist/server.js --include 'src/orders/**'`

/** `span-tree instrument`: what a build has already made. */
export function instrumentCommand(): Command {
  const command = new Command('instrument')
    .description('instrument JavaScript that is already built, in place or into another directory')
    .argument('<paths...>', 'directories or files; with --out, one directory')
    .option('-o, --out <directory>', 'write there, and copy everything else')
  return withSelectOptions(command, 'instrument')
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', HELP)
    .action(async (paths: string[], flags: InstrumentFlags, self: Command) => {
      const wrong = problemWith(paths, flags.out)
      if (wrong) self.error(`error: ${wrong}`)
      const { instrumentPaths } = await import('../instrument/instrument-paths.ts')
      const { out, ...select } = flags
      process.exitCode = instrumentPaths(paths, out, select)
    })
}

function problemWith(paths: readonly string[], out: string | undefined): string | undefined {
  const missing = paths.find(path => !statSync(path, { throwIfNoEntry: false }))
  if (missing !== undefined) return `no such file or directory: ${missing}`
  if (out === undefined) return undefined
  const [path] = paths as [string]
  if (paths.length > 1 || !statSync(path).isDirectory()) return '--out needs one directory to write from'
  return resolve(out) === resolve(path) ? '--out is the directory itself: leave it out to write in place' : undefined
}
