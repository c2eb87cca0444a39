import { appendFileSync } from 'node:fs'
import { configure, type Span } from 'span-tree'

/*
 * Loaded into the processes of an instrumented run: how many spans they record is added to the sum that the proof
 * reads. Of the package's own functions; those of its tests would say little.
 */

const TESTS = /(^|\/)tests?\//

let spans = 0

configure({
  exporters: [
    {
      export: ({ root }) => void (spans += countSpans(root)),
      flush: async () => leave(),
      flushSync: leave,
    },
  ],
})

function leave(): void {
  appendFileSync(process.env['PROOF_SPANS'] as string, `${spans}\n`)
  spans = 0
}

// There are traces of a million spans, and some that are deeper than the stack.
function countSpans(root: Span): number {
  const waiting = [root]
  let count = 0
  for (let span = waiting.pop(); span; span = waiting.pop()) {
    if (span.site && !TESTS.test(span.site.file)) count++
    for (const child of span.children) waiting.push(child)
  }
  return count
}
