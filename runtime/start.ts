import { isatty } from 'node:tty'
import type { Exporter } from './exporters/exporter.ts'
import { JsonExporter } from './exporters/json.ts'
import { Recorder } from './exporters/recorder.ts'
import { TerminalExporter } from './exporters/terminal.ts'
import { flushAtEnd } from './process-end.ts'
import { type Mode, type Place, placeOf } from './settings.ts'
import { collector, shared } from './shared.ts'

/** The recorder of this process; made when it is first asked for. */
export function getRecorder(): Recorder {
  return (shared.recorder ??= new Recorder(() => collector.drain()))
}

/** Puts the exporters of a mode in place of those there are. */
export function use(mode: Mode, jsonTo: Place['jsonTo'] = 'stderr'): void {
  useExporters(exportersOf(mode, jsonTo))
  collector.enabled = mode !== 'off'
}

/** Puts these exporters in place of those there are. */
export function useExporters(exporters: readonly Exporter[]): void {
  shared.configured = true
  collector.exporters = exporters
}

function exportersOf(mode: Mode, jsonTo: Place['jsonTo']): readonly Exporter[] {
  switch (mode) {
    case 'terminal':
      return [new TerminalExporter()]
    case 'json':
      return [new JsonExporter({ stream: process[jsonTo] })]
    case 'record':
      return [getRecorder()]
    case 'off':
      return []
  }
}

// Asked of the descriptor: to look at `process.stderr` would make that stream in a program that may never use it.
/** Whether this module is the one that set the shared collector up: a second copy leaves it as it is. */
const place = placeOf(process.env, isatty(2))
if (place.mode === 'off') collector.enabled = false
collector.onFirstTrace ??= () => {
  if (place.complaint !== undefined) process.stderr.write(`${place.complaint}\n`)
  if (!shared.configured) use(place.mode, place.jsonTo)
  flushAtEnd()
}
