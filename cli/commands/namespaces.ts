import type { Command } from 'commander'
import { FOUND, inSession, NONE, type SourceFlags, storeCommand, withForms } from '../query/store-command.ts'

const HELP = `
A namespace has its own traces, marks and keys; nothing of it is seen from another.

Examples:
  span-tree namespaces
  span-tree namespaces --json | jq -r '.[].name'`

/** `span-tree namespaces`: what there is to look at. */
export function namespacesCommand(): Command {
  return withForms(storeCommand('namespaces', 'list namespaces, with their apps and versions', HELP)).action(
    (flags: SourceFlags) =>
      inSession({ ...flags, namespace: flags.namespace ?? '' }, async ({ client, json }) => {
        const { printNamespaces } = await import('../query/namespace-table.ts')
        return printNamespaces(await client.namespaces(), json) ? FOUND : NONE
      }),
  )
}
