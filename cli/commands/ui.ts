import type { Command } from 'commander'
import { type SourceFlags, sourceOf, storeCommand, USAGE } from '../query/store-command.ts'

const HELP = `
Opens without a command, too, where standard input and output are a terminal. ? lists the keys, q leaves.

Examples:
  span-tree
  span-tree --db ./traces.db
  span-tree --url http://localhost:7318 --namespace shop`

const MISSING =
  'span-tree cannot show its terminal UI: its optional dependencies ink and react are not installed. Install without --omit=optional\n'

/** `span-tree ui`: the terminal UI. */
export function uiCommand(): Command {
  return storeCommand('ui', 'look at traces, errors and what is slow, in the terminal', HELP).action(
    async (flags: SourceFlags) => {
      if (!isTerminal()) {
        process.stderr.write('error: the terminal UI needs a terminal; span-tree traces lists what there is\n')
        process.exitCode = USAGE
        return
      }
      const tui = await loadTui()
      await tui?.openTui(sourceOf(flags, process.env), flags.namespace)
    },
  )
}

/** Whether `span-tree` with these words (without those of Node) means the terminal UI. */
export function meansUi([first]: readonly string[]): boolean {
  if (first === undefined) return isTerminal()
  return /^(--(db|url|key|namespace)(=|$)|-n)/.test(first)
}

/** With React as it is in production: its other form is slower, and remembers what it has measured. What the editor is told stays as it was. */
async function loadTui(): Promise<typeof import('../tui/index.ts') | undefined> {
  const { NODE_ENV } = process.env
  process.env['NODE_ENV'] = 'production'
  try {
    return await import('../tui/index.ts').catch(explainMissing)
  } finally {
    if (NODE_ENV === undefined) delete process.env['NODE_ENV']
    else process.env['NODE_ENV'] = NODE_ENV
  }
}

function isTerminal(): boolean {
  // What cannot move its cursor can only scroll.
  return process.stdin.isTTY && process.stdout.isTTY && process.env['TERM'] !== 'dumb'
}

function explainMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ERR_MODULE_NOT_FOUND' || !/'(ink|react)[^']*'/.test(error.message)) throw error
  process.stderr.write(MISSING)
  process.exitCode = 1
}
