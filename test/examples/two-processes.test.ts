import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openClient } from '../../cli/query/open-client.ts'
import { publishTwoProcesses } from '../../examples/two-processes/publish.ts'
import type { Span } from '../../model/index.ts'
import { CLI } from '../adapters/project.ts'
import { PseudoTerminal } from '../cli/tui/pseudo-terminal.ts'

test('two processes with worker threads publish to a receiver, which has three joined trees of them; the terminal UI shows them', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'span-tree-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const outlines: string[] = []
  let screens: string[] = []
  await publishTwoProcesses(join(folder, 'traces.db'), async url => {
    const client = await openClient({ kind: 'url', url }, 'read')
    for (const { traceId, status } of await client.traces('default')) {
      const found = await client.trace('default', traceId)
      const trees = found.kind === 'found' ? found.trees : []
      outlines.push([`${status}:`, ...trees.map(({ root }) => outline(root))].join('\n'))
    }
    await client.close()
    screens = await walk(url, folder)
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
  const [dashboard = '', traces = '', trace = ''] = screens
  expect(rows(dashboard, 2, 5).replace(/ +\d\d:\d\d:\d\d/g, ' <time>')).toMatchInlineSnapshot(`
    " Name                                        Status           Count  Last time
    ›checkout                                    ✗ FAIL               1 <time>
     checkout                                    ✓ OK                 2 <time>"
  `)
  expect(rows(traces, 3, 4)).toMatch(/^›\d\d:\d\d:\d\d +✗ FAIL +[\d.]+ ms +13 +1 +app=shop/)
  // Names without durations and bars.
  const names = rows(trace, 2, 16).replace(/^.{11}(.{0,48}).*/gm, (_, text: string) => text.trimEnd())
  expect(names.replace(/(POST \S+ \w+) .*/g, '$1').replace(/:\d+/g, ':<port>')).toMatchInlineSnapshot(`
    "▾ ✗ checkout
    ├▾ priceOf
    │ └─ sumOfPrices
    ├▾ reserve
    │ └▾ POST 127.0.0.1:<port> client
    │   └▾ POST /reservations/tea server
    │     └▾ reserveArticle
    │       └─ takeFromShelf
    ├▾ ✗ reserve
    │ ├▾ ✗ POST 127.0.0.1:<port> client
    │ │ └▾ POST /reservations/cake server
    │ │   └▾ reserveArticle
    │ │     ├─ takeFromShelf
    │ │     └─ WARNING sold out  article=cake"
  `)
})

function rows(screen: string, from: number, to: number): string {
  return screen.split('\n').slice(from, to).join('\n')
}

/** From the dashboard into the trace that failed, and to the error that came from the other process. */
async function walk(url: string, folder: string): Promise<string[]> {
  const { PATH, HOME } = process.env
  const terminal = new PseudoTerminal({ PATH, HOME, TZ: 'UTC', NO_COLOR: '1', LANG: 'C.UTF-8' }, folder, 80, 30)
  onTestFinished(() => terminal.close())
  await terminal.until(/\$$/)
  terminal.run(`'${process.execPath}' '${CLI}' --url ${url}`)
  const dashboard = await terminal.until(/checkout[\s\S]*checkout/)
  terminal.press('g', '\r')
  const traces = await terminal.until(/› Traces › checkout[\s\S]*FAIL +[\d.]+ ms/)
  terminal.press('\r')
  const trace = await terminal.until(/▾ .*checkout[\s\S]*OutOfStock/)
  terminal.press('q')
  await terminal.until(() => !terminal.isAlternate)
  return [dashboard, traces, trace]
}

function outline({ name, messages, exitError, children }: Span, indent = '  '): string {
  const lines = [`${indent}${name.replace(/:\d+$/, ':<port>')}${exitError ? ` ✗ ${exitError.type}` : ''}`]
  for (const { level, text } of messages) lines.push(`${indent}  ${level}: ${text}`)
  return [...lines, ...children.map(child => outline(child, `${indent}  `))].join('\n')
}
