/**
 * The terminal UI. A state and the events that change it (`update.ts`) know nothing of terminals or stores; a state is drawn as lines of
 * text (`frame.ts`), only those that are on the screen; what is to be done about an event is data, too (`Effect`), which `program.ts`
 * carries out with the help of a store or receiver (`trace-source.ts`) and of the terminal (`terminal.ts`). ink puts the lines on the
 * screen, sends what has changed of them, and reads keys.
 */
import { render } from 'ink'
import { createElement } from 'react'
import { wantsColours } from '../../runtime/exporters/colours.ts'
import type { Source } from '../query/open-client.ts'
import { Program } from './program.ts'
import { Screen } from './screen.ts'
import { SourceFiles } from './source-file.ts'
import { firstState } from './state.ts'
import { InkTerminal } from './terminal.ts'
import { TraceSource } from './trace-source.ts'

/** Shows the terminal UI until it is left. Rejects with what made it end otherwise; the terminal is as it was before in any case. */
export async function openTui(origin: Source, wanted: string | undefined): Promise<void> {
  // From here on, before ink does so: keys that are typed ahead must not be printed over the first screen.
  process.stdin.setRawMode(true)
  // Those that were moved the cursor, where ink begins to draw.
  process.stdout.write('\r')
  const files = new SourceFiles(process.cwd())
  const source = new TraceSource(origin, files)
  // What is the matter with it is told on the screen.
  const namespace = wanted ?? (await source.namespace().catch(() => undefined)) ?? ''
  const { columns = 80, rows = 24 } = process.stdout
  const state = firstState(source.where, namespace, { columns, rows })
  const program = new Program(state, source, files, wantsColours(process.stdout, process.env))
  const terminal = new InkTerminal(program, files)
  const screen = createElement(Screen, { program, onReady: terminal.take })
  const instance = render(screen, {
    alternateScreen: true,
    incrementalRendering: true,
    interactive: true,
    exitOnCtrlC: false,
    patchConsole: false,
    maxFps: 60,
  })
  const release = terminal.guard(instance)
  program.start(terminal)
  try {
    await instance.waitUntilExit()
  } finally {
    release()
    program.stop()
    await source.close()
  }
  if (terminal.failure) throw terminal.failure
}
