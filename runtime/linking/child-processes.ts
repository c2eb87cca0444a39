import childProcess from 'node:child_process'
import { syncBuiltinESMExports } from 'node:module'
import { isMainThread } from 'node:worker_threads'
import { traceHeaders } from '../../model/index.ts'
import { storage } from '../shared.ts'
import { currentSpanContext, remoteTask } from '../span-context.ts'
import { callingLibrary } from './caller.ts'
import { extract } from './carrier.ts'
import { hookFlags, requireLazily } from './hook-file.ts'
import { linkPoolAt } from './known-pools.ts'
import { link, unlinked } from './registry.ts'
import { withTag } from './task-tag.ts'

/** What `ChildProcess#spawn` is given, as far as it concerns us. */
interface SpawnOptions {
  envPairs?: string[]
  file?: string
  args?: string[]
  /** Of `fork` only. */
  execPath?: string
}

interface Child {
  spawnargs: string[]
}

type Spawn = (this: Child, options: SpawnOptions) => unknown
type Call = (...parameters: unknown[]) => unknown

/** The functions that wait for the process; the place of their options among the parameters. */
const SYNC = { spawnSync: 2, execFileSync: 2, execSync: 1 } as const

/**
 * Every process that is started in a span gets that span's context in its environment, as `TRACEPARENT` and `TRACESTATE`: the convention of
 * OpenTelemetry. One that the program has set itself stays.
 */
export function linkProcesses(): void {
  link('child_process', () => {
    linkSpawn((childProcess.ChildProcess as unknown as { prototype: { spawn: Spawn } }).prototype)
    for (const [name, at] of Object.entries(SYNC)) linkSync(name as keyof typeof SYNC, at)
    syncBuiltinESMExports()
  })
}

/** `spawn`, `fork`, `exec` and `execFile` all end here. */
function linkSpawn(prototype: { spawn: Spawn }): void {
  const { spawn } = prototype
  prototype.spawn = function (options) {
    const library = callingLibrary()
    if (library !== undefined) linkPoolAt(library)
    // What a library forks serves everybody; what it spawns, it most often spawns for whoever has called it.
    const isOurs = library === undefined || !isFork(options)
    if (Array.isArray(options?.envPairs) && isOurs) addPairs(options.envPairs, traceVariables())
    const plain = (): unknown => Reflect.apply(spawn, this, [options])
    return isFork(options) ? fork(this, options, plain) : plain()
  }
  likeOriginal(prototype.spawn, spawn)
}

/** Whether Node is started by `fork`, this one, so that it knows our flags. */
function isFork({ execPath, file, args }: SpawnOptions): boolean {
  return execPath === process.execPath && file === execPath && Array.isArray(args)
}

/** With our side of the link in the new process; what the program sees of its arguments is what it has given. */
function fork(child: Child, options: SpawnOptions, spawn: () => unknown): unknown {
  const flags = flagsOfFork()
  options.args?.splice(1, 0, ...flags)
  // Messages come in the context that the process was started in: in the span that started it, for ever.
  const result = storage.run(undefined, spawn)
  child.spawnargs?.splice(1, flags.length)
  if (flags.length === 0) return result
  const { linkChannel } = requireLazily('message-channel') as typeof import('./message-channel.ts')
  linkChannel(child as never, 'made', withTag)
  return result
}

/** None in a bundle. */
function flagsOfFork(): readonly string[] {
  try {
    return hookFlags()
  } catch (error) {
    unlinked('fork', String(error))
    return []
  }
}

function addPairs(pairs: string[], variables: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(variables)) {
    const known = pairs.findIndex(pair => pair.startsWith(`${name}=`))
    if (known < 0) pairs.push(`${name}=${value}`)
    else if (pairs[known] === `${name}=${process.env[name]}`) pairs[known] = `${name}=${value}`
  }
}

function linkSync(name: keyof typeof SYNC, at: number): void {
  const module = childProcess as unknown as Record<string, Call>
  const original = module[name] as Call
  module[name] = function (this: unknown, ...parameters) {
    const variables = traceVariables()
    return Reflect.apply(original, this, withVariables(parameters, at, variables))
  }
  likeOriginal(module[name], original)
}

function withVariables(parameters: unknown[], last: number, variables: Readonly<Record<string, string>>): unknown[] {
  if (Object.keys(variables).length === 0) return parameters
  // The list of arguments may be left out.
  const at = parameters.findIndex(
    (each, i) => i > 0 && typeof each === 'object' && each !== null && !Array.isArray(each),
  )
  const options = (at < 0 ? {} : parameters[at]) as { env?: NodeJS.ProcessEnv | null }
  const given = Object.fromEntries(
    Object.entries(options.env ?? {}).filter(([name, value]) => value !== process.env[name]),
  )
  const changed = [...parameters]
  changed[at < 0 ? last : at] = { ...options, env: { ...(options.env ?? process.env), ...variables, ...given } }
  return changed
}

function traceVariables(): Readonly<Record<string, string>> {
  const context = currentSpanContext()
  if (context === undefined) return {}
  const { traceparent, tracestate } = traceHeaders(context)
  return { TRACEPARENT: traceparent, TRACESTATE: tracestate }
}

function likeOriginal(replacement: object, original: Call | Spawn): void {
  for (const key of ['name', 'length'] as const)
    Object.defineProperty(replacement, key, { value: original[key], configurable: true })
}

let entered = false

/** What the process does as it starts is below the span that its environment names. */
export function startedBelow(env: NodeJS.ProcessEnv): void {
  if (entered || !isMainThread || env['TRACEPARENT'] === undefined) return
  entered = true
  const context = extract(env)
  if (context !== undefined) storage.enterWith(remoteTask(context))
}
