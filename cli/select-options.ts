import { type Command, InvalidArgumentError } from 'commander'
import { parseDuration } from './duration.ts'

/** What the commands that choose functions take on the command line: keys of `SelectOptions`. */
export interface SelectFlags {
  readonly include?: readonly string[]
  readonly exclude?: readonly string[]
  readonly functions?: readonly string[]
  readonly minDuration?: number
}

/** Adds these options; `verb` is what the command does with the functions. */
export function withSelectOptions(command: Command, verb: string): Command {
  return command
    .option('-i, --include <glob>', `${verb} files that match (may be repeated)`, collect)
    .option('-x, --exclude <glob>', 'leave out files that match (may be repeated)', collect)
    .option(
      '-f, --functions <pattern>',
      `${verb} functions of such a name; ! in front leaves out (may be repeated)`,
      collect,
    )
    .option('-m, --min-duration <time>', 'leave out what took less and did not fail: 5ms, 1.5s, 200us', duration)
}

export function collect(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value]
}

function duration(value: string): number {
  const milliseconds = parseDuration(value)
  if (milliseconds === undefined) throw new InvalidArgumentError('Write a time like 5ms, 1.5s or 200us.')
  return milliseconds
}
