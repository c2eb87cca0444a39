import { wantsLinks } from '../model/index.ts'
import type { Exporter } from './exporters/exporter.ts'
import { JsonExporter } from './exporters/json.ts'
import { Recorder } from './exporters/recorder.ts'
import { TerminalExporter } from './exporters/terminal.ts'
import { linkProcesses, startedBelow } from './linking/child-processes.ts'
import { linkHttp } from './linking/http.ts'
import { watchForPools } from './linking/known-pools.ts'
import { linkQueues } from './linking/queues.ts'
import { unlinked } from './linking/registry.ts'
import { enterLink, threadExporter, threadLink } from './linking/thread-link.ts'
import { linkWorkers } from './linking/workers.ts'
import { requireFromHere } from './own-modules.ts'
import { flushAtEnd } from './process-end.ts'
import { type Destination, isOff, type Mode, type Place, placeOf } from './settings.ts'
import { collector, shared } from './shared.ts'

/** The recorder of this process; made when it is first asked for. */
export function getRecorder(): Recorder {
  return (shared.recorder ??= new Recorder(() => collector.drain()))
}

/** Puts the exporters of a mode in place of those there are. */
export function use(mode: Mode, jsonTo: Place['jsonTo'] = 'stderr'): void {
  usePlace({ modes: [mode], destinations: [], jsonTo })
}

function usePlace({ modes, destinations, jsonTo }: Place): void {
  useExporters([...modes.flatMap(mode => exportersOf(mode, jsonTo)), ...destinations.flatMap(exporterOf)])
  collector.enabled = !modes.includes('off')
}

function exporterOf({ kind, at, text }: Destination): readonly Exporter[] {
  try {
    const exporter = shared.extras[kind]?.(at as string)
    return exporter === undefined ? [] : [exporter]
  } catch (error) {
    complain(`SPAN_TREE=${text}`, error)
    return []
  }
}

/** What makes their exporters, each loaded only where the environment asks for it. */
const ENTRIES = { receiver: 'span-tree/http', store: 'span-tree/sqlite', otlp: 'span-tree/otlp' } as const

function loadFor(destinations: readonly Destination[]): void {
  for (const kind of new Set(destinations.map(each => each.kind)))
    if (shared.extras[kind] === undefined) load(ENTRIES[kind], 'SPAN_TREE')
}

/** So is what tells of the process. */
function loadTags(): void {
  const asked = ['SPAN_TREE_TAGS', 'SPAN_TREE_DEBUG'].find(name => process.env[name])
  if (asked !== undefined && shared.extras.receiver === undefined) load(ENTRIES.receiver, asked)
}

function load(entry: string, asked: string): void {
  try {
    requireFromHere(entry)
  } catch (error) {
    complain(asked, error)
  }
}

function complain(about: string, error: unknown): void {
  const why = error instanceof Error ? error.message.split('\n')[0] : String(error)
  process.stderr.write(`span-tree: ${about} has no effect: ${why}\n`)
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

/** As it is when the runtime is loaded. */
const env = { ...process.env }
if (isOff(env)) collector.enabled = false
const link = threadLink()
// A second copy leaves the collector as the first has set it up.
collector.onFirstTrace ??= () => {
  const place = placeOf(env, onTerminal())
  if (place.complaint !== undefined) process.stderr.write(`${place.complaint}\n`)
  loadFor(place.destinations)
  loadTags()
  if (!shared.configured && link !== undefined) useExporters([threadExporter(link)])
  if (!shared.configured) usePlace(place)
  flushAtEnd()
}

/** Asked of the descriptor: to look at `process.stderr` would make that stream in a program that may never use it. */
function onTerminal(): boolean {
  // Loads all of Node's network, which is as much as the runtime.
  return process.getBuiltinModule('node:tty').isatty(2)
}

if (link !== undefined) enterLink(link)
else if (wantsLinks(process.env)) startedBelow(process.env)
if (wantsLinks(process.env)) linkAll()
else noLinks()

function linkAll(): void {
  linkWorkers()
  linkProcesses()
  watchForPools()
  linkQueues()
  linkHttp()
}

function noLinks(): void {
  for (const name of ['worker_threads', 'child_process', 'http']) unlinked(name, 'SPAN_TREE_LINKS=off')
}
