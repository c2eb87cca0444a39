import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openClient } from '../../cli/query/open-client.ts'
import { publishTwoProcesses } from '../../examples/two-processes/publish.ts'
import type { Span } from '../../model/index.ts'

test('two processes with worker threads publish to a receiver, which has three joined trees of them', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'span-tree-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const outlines: string[] = []
  await publishTwoProcesses(join(folder, 'traces.db'), async url => {
    const client = await openClient({ kind: 'url', url }, 'read')
    for (const { traceId, status } of await client.traces('default')) {
      const found = await client.trace('default', traceId)
      const trees = found.kind === 'found' ? found.trees : []
      outlines.push([`${status}:`, ...trees.map(({ root }) => outline(root))].join('\n'))
    }
    await client.close()
  })
  // The newest first.
  expect(outlines.join('\n')).toMatchInlineSnapshot(`
    "FAIL:
      checkout ✗ OutOfStock
        priceOf
          sumOfPrices
        reserve
          POST 127.0.0.1:<port>
            POST /reservations/tea
              reserveArticle
                takeFromShelf
        reserve ✗ OutOfStock
          POST 127.0.0.1:<port>
            POST /reservations/cake
              reserveArticle
                warning: sold out
                takeFromShelf
    OK:
      checkout
        info: checked out
        priceOf
          sumOfPrices
        reserve
          POST 127.0.0.1:<port>
            POST /reservations/tea
              reserveArticle
                takeFromShelf
    OK:
      checkout
        info: checked out
        priceOf
          sumOfPrices
        reserve
          POST 127.0.0.1:<port>
            POST /reservations/tea
              reserveArticle
                takeFromShelf
        reserve
          POST 127.0.0.1:<port>
            POST /reservations/scone
              reserveArticle
                takeFromShelf"
  `)
})

function outline({ name, messages, exitError, children }: Span, indent = '  '): string {
  const lines = [`${indent}${name.replace(/:\d+$/, ':<port>')}${exitError ? ` ✗ ${exitError.type}` : ''}`]
  for (const { level, text } of messages) lines.push(`${indent}  ${level}: ${text}`)
  return [...lines, ...children.map(child => outline(child, `${indent}  `))].join('\n')
}
