import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { urlOf } from './program.ts'

/** A program whose clock goes on only where it says so; prints which spans were slow, and what is usual (the 50th percentile) in milliseconds. */
function slowSpans(code: string): unknown {
  const program = `
    let time = 1_000
    performance.now = () => time
    const { configure, getLogger } = await import('${urlOf('runtime/index.ts')}')
    const slow = []
    const visit = span => {
      if (span.slow) slow.push(span.name + ' of ' + span.attributes.n + ', usually ' + Math.round(Number(span.slow.p50) / 1e6))
      span.children.forEach(visit)
    }
    configure({ exporters: [{ export: ({ root }) => visit(root) }] })
    const logger = getLogger('slow')
    const work = milliseconds => { time += milliseconds }
    ${code}
    await new Promise(resolve => setImmediate(resolve))
    console.log(JSON.stringify(slow))`
  const env = { ...process.env, SPAN_TREE: '' }
  const out = execFileSync(process.execPath, ['--no-warnings', '--input-type=module', '-e', program], { env })
  return JSON.parse(out.toString())
}

// So many calls that the outer one is beyond the 99th percentile of all.
const PARSE = `
  const parse = (n, items, ms = 1) => logger.span('parse', () => {
    logger.extra({ n })
    work(ms)
    for (let i = 0; i < items; i++) logger.span('item', () => parse(n, 0))
  })`

test('a call far above the others of its function is slow', () => {
  const code = `${PARSE}; for (let n = 0; n < 200; n++) parse(n, 0, n === 150 ? 40 : 10)`
  expect(slowSpans(code)).toEqual([expect.stringMatching(/^parse of 150, usually 1[01]$/)])
})

test('the outer call of a recursion is slow beside its like only, and an inner one beside its own', () => {
  const code = `${PARSE}
    for (let n = 0; n < 120; n++) parse(n, n === 110 ? 400 : 120)
    parse(200, 0, 60)`
  expect(slowSpans(code)).toEqual([
    expect.stringMatching(/^parse of 110, usually 1[12]\d$/),
    expect.stringMatching(/^parse of 200, usually 1$/),
  ])
})
