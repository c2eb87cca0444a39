import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { getEnvironmentData, isMainThread, setEnvironmentData } from 'node:worker_threads'
import { nextRun } from './run-sequence.ts'
import type { Environment } from './settings.ts'
import { shared } from './shared.ts'
import { stateFolder } from './state-folder.ts'

const { extras } = shared

/** What all traces of a process have in common: `app`, `version`, `environment`, `host`, and whatever else. */
export type Tags = { readonly [name: string]: string }

/** Who made the traces. */
export interface Origin {
  readonly tags: Tags
  /** How many processes with these tags have begun on this machine, this one included; undefined where that cannot be written down. */
  readonly run?: number
}

/** Sets tags, over those that are there by themselves. Throws a `TypeError` for what is no text, number or boolean. */
export function setTags(tags: Readonly<Record<string, string | number | boolean>>): void {
  for (const [name, value] of Object.entries(tags)) {
    if (['string', 'number', 'boolean'].includes(typeof value)) continue
    throw new TypeError(`span-tree: tags.${name} takes a text, a number or a boolean`)
  }
  extras.tags = { ...extras.tags, ...asText(tags) }
  extras.origin = undefined
}

// Where nobody has set tags, lines say nothing of the process. The environment is asked once: each time costs as much as some spans.
let areSet: boolean | undefined
extras.lineFields = () => {
  areSet ??= Boolean(process.env['SPAN_TREE_TAGS'])
  return areSet || extras.tags !== undefined ? origin() : undefined
}

/** The tags of this process and its run; made at the first question. */
export function origin(): Origin {
  if (extras.origin !== undefined) return extras.origin
  const tags = { ...defaultTags(process.env, startFolder()), ...extras.tags, ...tagsIn(process.env['SPAN_TREE_TAGS']) }
  const run = runOf(tags)
  extras.origin = { tags, ...(run !== undefined && { run }) }
  return extras.origin
}

/** Of `a=b,c=d`; what has no name or no `=` is left out. */
export function tagsIn(text: string | undefined): Tags {
  const tags: Record<string, string> = {}
  for (const pair of text?.split(',') ?? []) {
    const at = pair.indexOf('=')
    if (at > 0 && pair.slice(0, at).trim() !== '') tags[pair.slice(0, at).trim()] = pair.slice(at + 1).trim()
  }
  return tags
}

/** `folder`: from where on the nearest package.json is looked for. */
export function defaultTags(env: Environment, folder: string): Tags {
  const { name, version } = nearestPackage(folder)
  const tags = { app: name, version, environment: env['NODE_ENV'], host: hostname() }
  return asText(Object.fromEntries(Object.entries(tags).filter(([, value]) => value)) as Tags)
}

function asText(tags: Readonly<Record<string, string | number | boolean>>): Tags {
  return Object.fromEntries(Object.entries(tags).map(([name, value]) => [name, String(value)]))
}

/** Where the program lies. */
function startFolder(): string {
  return process.argv[1] === undefined ? process.cwd() : dirname(resolve(process.argv[1]))
}

function nearestPackage(folder: string): { name?: string; version?: string } {
  for (let at = folder; ; at = dirname(at)) {
    try {
      const { name, version } = JSON.parse(readFileSync(join(at, 'package.json'), 'utf8'))
      // Those that only say `"type": "module"` are no packages of their own.
      if (typeof name === 'string') return { name, ...(typeof version === 'string' && { version }) }
    } catch {}
    if (dirname(at) === at) return {}
  }
}

/** Threads are of the same run as the process. */
function runOf(tags: Tags): number | undefined {
  const sequence = process
    .getBuiltinModule('node:crypto')
    .createHash('sha256')
    .update(JSON.stringify(Object.entries(tags).sort()))
    .digest('hex')
    .slice(0, 32)
  const key = `span-tree.run.${sequence}`
  const known = getEnvironmentData(key)
  if (typeof known === 'number') return known
  const run = begun(sequence)
  if (run !== undefined && isMainThread) setEnvironmentData(key, run)
  return run
}

function begun(sequence: string): number | undefined {
  const folder = stateFolder('runs')
  try {
    return folder === undefined ? undefined : nextRun(join(folder, sequence))
  } catch {
    return undefined
  }
}
