import type { SpanTree } from '../../model/index.ts'
import { wantsColours } from '../../runtime/exporters/colours.ts'
import { wantsHyperlinks } from '../../runtime/exporters/hyperlink.ts'
import { jsonChunks } from '../../runtime/exporters/json.ts'
import { renderTerminal } from '../../runtime/exporters/terminal.ts'
import type { TraceLookup, TraceSummary } from '../../store/trace-store.ts'
import { milliseconds, momentText } from './moment.ts'
import { note, outputWidth } from './print.ts'
import { FOUND, NONE, type Session } from './store-command.ts'
import { tagsText } from './trace-rows.ts'

/** As wide as trees are printed while a program runs. */
const MAX_WIDTH = 120

export async function printTrace({ client, namespace, json }: Session, id: string): Promise<number> {
  const found = await client.trace(namespace, id)
  if (found.kind !== 'found') {
    note(whyNot(found, id))
    return NONE
  }
  const { trees, summary } = found
  if (!json) process.stdout.write(`${trees.map(treeText).join('\n\n')}\n\n${summaryLine(summary)}\n`)
  else for (const tree of trees) writeJson(tree, summary)
  return FOUND
}

/** As it would have been printed when it was recorded. */
export function treeText(tree: SpanTree): string {
  return renderTerminal(tree, {
    width: Math.min(outputWidth(), MAX_WIDTH),
    colours: wantsColours(process.stdout, process.env),
    hyperlinks: wantsHyperlinks(process.stdout, process.env),
  })
}

function summaryLine({ traceId, start, status, tags }: TraceSummary): string {
  return [traceId, momentText(milliseconds(start)), status, tagsText(tags)].filter(Boolean).join('  ')
}

function writeJson(tree: SpanTree, { tags }: TraceSummary): void {
  const more = Object.keys(tags).length > 0 ? { tags } : {}
  for (const chunk of jsonChunks(tree, more)) process.stdout.write(chunk)
  process.stdout.write('\n')
}

function whyNot(lookup: Exclude<TraceLookup, { kind: 'found' }>, id: string): string {
  if (lookup.kind === 'none') return `No trace of this id: ${id}`
  return [`Several traces begin with ${id}:`, ...lookup.traceIds.map(each => `  ${each}`)].join('\n')
}
