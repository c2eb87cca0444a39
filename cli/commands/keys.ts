import { Command } from 'commander'

const HELP = `
A key opens one namespace, for reading and writing; with --admin, all of them. It is shown once: what is kept is its hash. Programs take it
from SPAN_TREE_API_KEY; OpenTelemetry's from OTEL_EXPORTER_OTLP_HEADERS="authorization=Bearer%20st_…".

With the first key that is made, a receiver answers nobody without a key any more.

Examples:
  span-tree keys create --namespace shop --label "web servers"
  span-tree keys list
  span-tree keys revoke 1b9d6bcd2f10`

/** `span-tree keys`: who may publish to, and ask, a receiver of this database. */
export function keysCommand(): Command {
  const command = new Command('keys')
    .description('API keys of the receiver: create, list and revoke them')
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', HELP)
  withDatabase(command, 'create', 'make a key, and print it')
    .option('-n, --namespace <name>', 'that it opens', 'default')
    .option('--admin', 'it opens all namespaces')
    .option('--label <text>', 'what it is for', '')
    .action(async (flags: { db?: string; namespace: string; admin?: boolean; label: string }) => {
      process.exitCode = await (await import('../receiver/keys.ts')).createKey(flags)
    })
  withDatabase(command, 'list', 'list the keys')
    .option('--json', 'as JSON')
    .action(async (flags: { db?: string; json?: boolean }) => {
      process.exitCode = await (await import('../receiver/keys.ts')).listKeys(flags)
    })
  withDatabase(command, 'revoke <id>', 'let a key open nothing any more').action(
    async (id: string, flags: { db?: string }) => {
      process.exitCode = await (await import('../receiver/keys.ts')).revokeKey(id, flags)
    },
  )
  return command
}

function withDatabase(parent: Command, name: string, description: string): Command {
  return parent
    .command(name)
    .description(description)
    .option('--db <file>', 'the database (SPAN_TREE_DB)')
    .helpOption('-h, --help', 'print this help')
}
