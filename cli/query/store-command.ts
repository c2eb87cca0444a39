import { Command, Option } from 'commander'
import { DEFAULT_NAMESPACE } from '../../receiver/access.ts'
import { printable } from '../../runtime/exporters/printable.ts'
import type { StoreError } from '../../store/store-error.ts'
import { lastNamespace } from './last-namespace.ts'
import { openClient, type Purpose, type Source } from './open-client.ts'
import { note } from './print.ts'
import type { TraceClient } from './trace-client.ts'

/** Exit codes of the commands that ask a store. */
export const FOUND = 0
/** Nothing found, or it failed. */
export const NONE = 1
/** The command line cannot be understood. */
export const USAGE = 2

export interface SourceFlags {
  readonly db?: string
  readonly url?: string
  readonly key?: string
  readonly namespace?: string
  readonly json?: boolean
  readonly table?: boolean
}

/** What a command gets to work with. */
export interface Session {
  readonly client: TraceClient
  readonly namespace: string
  /** Whether to print JSON: asked for, or nobody looks. */
  readonly json: boolean
}

/** A command that asks a store: with the options that say which, and exit codes for scripts. */
export function storeCommand(name: string, description: string, help: string): Command {
  return new Command(name)
    .description(description)
    .helpGroup('What was recorded:')
    .addOption(new Option('--db <file>', 'the database (SPAN_TREE_DB)').conflicts('url'))
    .option('--url <url>', 'ask a receiver in place of a file (SPAN_TREE_URL)')
    .option('--key <key>', 'API key for the receiver (SPAN_TREE_API_KEY)')
    .option('-n, --namespace <name>', 'unless told: the only one, or default')
    .addHelpText('after', help)
    .helpOption('-h, --help', 'print this help')
}

/** The options of commands that print a table on a terminal and JSON elsewhere. */
export function withForms(command: Command): Command {
  return command.addOption(new Option('--json', 'as JSON').conflicts('table')).option('--table', 'as a table')
}

/** Runs what a command does, and sets the exit code; what goes wrong is told in one line. */
export async function inSession(
  flags: SourceFlags,
  work: (session: Session) => Promise<number>,
  purpose: Purpose = 'read',
): Promise<void> {
  try {
    const source = sourceOf(flags, process.env)
    const client = await openClient(source, purpose)
    try {
      const namespace = flags.namespace ?? (await chooseNamespace(client, source, purpose))
      process.exitCode = await work({ client, namespace, json: asJson(flags) })
      if (process.exitCode === NONE && purpose === 'read') await tellNamespaces(client, flags.namespace)
    } finally {
      await client.close()
    }
  } catch (error) {
    process.exitCode = explain(error)
  }
}

/** Where nothing was found in a namespace that was named: perhaps the name is wrong. */
async function tellNamespaces(client: TraceClient, named: string | undefined): Promise<void> {
  if (named === undefined) return
  const names = (await client.namespaces()).map(({ name }) => name)
  if (!names.includes(named))
    note(`There is no namespace ${printable(named)}, but ${names.join(', ') || 'none at all'}.`)
}

/** What the command line says wins over the environment. */
export function sourceOf({ db, url, key }: SourceFlags, env: NodeJS.ProcessEnv): Source {
  const receiver = url ?? (db === undefined ? env['SPAN_TREE_URL'] : undefined)
  if (!receiver) return { kind: 'file', ...(db !== undefined && { file: db }) }
  const apiKey = key ?? env['SPAN_TREE_API_KEY']
  return { kind: 'url', url: receiver, ...(apiKey && { key: apiKey }) }
}

function asJson({ json, table }: SourceFlags): boolean {
  return json ?? !(table || process.stdout.isTTY)
}

/**
 * The only one there is, or the one that is written to unless told, or, to look only, the one that was looked at last; of a receiver without any:
 * whichever the key opens.
 */
async function chooseNamespace(client: TraceClient, { kind }: Source, purpose: Purpose): Promise<string> {
  const names = (await client.namespaces()).map(({ name }) => name)
  const [only] = names
  if (names.length === 1 && only !== undefined) return only
  if (names.includes(DEFAULT_NAMESPACE)) return DEFAULT_NAMESPACE
  const last = purpose === 'read' ? await lastNamespace(client, names) : undefined
  if (last !== undefined) return last
  if (names.length > 1)
    throw new UsageError(`there are several namespaces: say which with --namespace (${names.join(', ')})`)
  return kind === 'url' ? '' : DEFAULT_NAMESPACE
}

/** Told like what commander finds wrong with a command line. */
export class UsageError extends Error {}

function explain(error: unknown): number {
  if (error instanceof UsageError) {
    process.stderr.write(`error: ${error.message}\n`)
    return USAGE
  }
  if (!isStoreError(error)) throw error
  process.stderr.write(`span-tree: ${error.message}\n`)
  return NONE
}

/** By name: the engine is loaded later than this. */
export function isStoreError(error: unknown): error is StoreError {
  return error instanceof Error && error.name === 'StoreError'
}
