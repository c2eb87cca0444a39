import { describe, expect, test } from 'vitest'
import type { Span, SpanTree } from '../../model/index.ts'
import { TerminalExporter } from '../../runtime/exporters/terminal.ts'
import { FakeStream } from '../support/fake-stream.ts'
import { crossing, EPOCH, error, message, type SpanSketch, span, tree } from '../support/trees.ts'

/** A terminal at a time that the test sets, in milliseconds after the root's start. */
class Terminal {
  readonly stream = new FakeStream({ isTTY: true, columns: 60 })
  time = 0
  readonly #exporter = new TerminalExporter({
    stream: this.stream,
    env: { NO_COLOR: '1' },
    now: () => EPOCH + BigInt(this.time) * 1_000_000n,
  })

  /** What is printed when this much of the trace is known at `time`. */
  progress(time: number, snapshot: SpanTree): string {
    return this.#printed(time, () => this.#exporter.progress?.(snapshot))
  }

  export(time: number, complete: SpanTree): string {
    return this.#printed(time, () => this.#exporter.export(complete))
  }

  #printed(time: number, action: () => void): string {
    this.time = time
    const before = this.stream.text.length
    action()
    return `\n${this.stream.text.slice(before)}`
  }
}

/** A span without a site, whose id stays the same from snapshot to snapshot. */
function at(
  name: string,
  start: number,
  ms: number | null,
  sketch: SpanSketch = {},
  ...parts: Parameters<typeof span>[2][]
): Span {
  return span(name, { id: name, at: start, ms, site: null, ...sketch }, ...parts)
}

const traceId = tree(span('any')).traceId

function snapshot(root: Span): SpanTree {
  return { traceId, root }
}

describe('a tree that grows', () => {
  test('is printed from top to bottom, each span when it is complete', () => {
    const terminal = new Terminal()
    const load = at('load', 0, 100, {}, at('read', 10, 20))
    expect(terminal.progress(200, snapshot(at('main', 0, null, {}, load, at('serve', 110, null))))).toBe('\n')
    expect(terminal.progress(300, snapshot(at('main', 0, null, {}, load, at('serve', 110, null))))).toBe(`
       ▸  main
  100 ms  ├─ load
 20.0 ms  │  └─ read
`)
    const hello = message('hello', 120)
    const running = at('serve', 110, null, {}, hello, at('query', 350, null))
    expect(terminal.progress(400, snapshot(at('main', 0, null, {}, load, running)))).toBe(`
       ▸  ├─ serve
 +120 ms  │  ├─ INFO hello
`)
    const failed = error('Error', 'no rows')
    const query = at('query', 350, 100, { exitError: failed })
    const serve = at('serve', 110, 350, { handledErrors: [crossing(query)], attributes: { rows: 0 } }, hello, query)
    expect(terminal.progress(500, snapshot(at('main', 0, null, {}, load, serve)))).toBe(`
  100 ms  │  ├─ ✗ query
          │  │  └─ Error: no rows
          │  ├─ handled Error from query: no rows
  350 ms  │  └─ serve  rows=0
`)
    expect(terminal.export(600, snapshot(at('main', 0, 590, {}, load, serve)))).toBe(`
  350 ms  ├─ ▲ 42 %  serve
  590 ms  └─ main

`)
  })

  test('is printed whole when it ends before anything was printed', () => {
    const terminal = new Terminal()
    expect(terminal.progress(200, snapshot(at('main', 0, null, {}, at('a', 0, 10))))).toBe('\n')
    expect(terminal.export(240, snapshot(at('main', 0, 240, {}, at('a', 0, 10))))).toBe(`
  240 ms  main ▲ 96 %
 10.0 ms  └─ a

`)
  })

  test('goes on with its path after another trace was printed in between', () => {
    const terminal = new Terminal()
    const root = (...parts: Span[]): Span => at('main', 0, null, {}, at('loop', 0, null, {}, ...parts))
    expect(terminal.progress(300, snapshot(root()))).toBe(`
       ▸  main
       ▸  ├─ loop
`)
    expect(terminal.export(310, tree(at('other', 0, 5, {}, at('child', 1, 2))))).toBe(`
       ⋯
 5.00 ms  other
 2.00 ms  └─ child

`)
    expect(terminal.export(320, tree(at('third', 0, 5)))).toBe(`
 5.00 ms  third
`)
    expect(terminal.progress(330, snapshot(root()))).toBe('\n')
    const step = at('step', 300, 40, { exitError: error('Error', 'no') })
    expect(terminal.progress(400, snapshot(root(step)))).toBe(`
          ⋯ main (continued)
          ├─ ⋯ loop (continued)
 40.0 ms  │  ├─ ✗ step
          │  │  └─ Error: no
`)
  })

  test('shows one trace at a time while it grows', () => {
    const terminal = new Terminal()
    const second = { traceId: tree(span('x')).traceId, root: at('second', 0, null) }
    expect(terminal.progress(300, snapshot(at('first', 0, null)))).toBe('\n       ▸  first\n')
    expect(terminal.progress(300, second)).toBe('\n')
    expect(terminal.export(400, snapshot(at('first', 0, 400)))).toBe('\n  400 ms  └─ first\n\n')
    expect(terminal.progress(500, second)).toBe('\n       ▸  second\n')
  })

  test('holds siblings of one site back for a moment, to group them', () => {
    const terminal = new Terminal()
    const steps = (n: number): Span[] =>
      Array.from({ length: n }, (_, i) => at('step', i * 50, 40, { id: `step ${i}` }))
    expect(terminal.progress(250, snapshot(at('main', 0, null, {}, ...steps(5))))).toBe('\n       ▸  main\n')
    expect(terminal.progress(310, snapshot(at('main', 0, null, {}, ...steps(6))))).toBe(`
  240 ms  ├─ step ×6  40.0 ms … 40.0 ms
`)
    expect(terminal.export(500, snapshot(at('main', 0, 480, {}, ...steps(8))))).toBe(`
 40.0 ms  ├─ step
 40.0 ms  ├─ step
  480 ms  └─ main ▲ 33 %

`)
  })

  test('says at the end where the time went, what failed, and what still runs', () => {
    const terminal = new Terminal()
    const work = at('work', 0, 260)
    expect(terminal.progress(520, snapshot(at('main', 0, null, {}, work)))).toBe(`
       ▸  main
  260 ms  ├─ work
`)
    const thrown = error('Error', 'boom', { stack: 'Error: boom\n    at main (/app/a.ts:1:2)' })
    const mail = at('mail', 526, null, { floating: true })
    expect(terminal.export(540, snapshot(at('main', 0, 530, { exitError: thrown }, work, mail)))).toBe(`
       …  ├─ mail still running — missing await?
          ├─ Error: boom
          │    at main (/app/a.ts:1:2)
  260 ms  ├─ ▲ 49 %  work
  530 ms  └─ ✗ main ▲ 50 %

`)
  })

  test('does not say again what was slow where the line already says it', () => {
    const terminal = new Terminal()
    terminal.progress(300, snapshot(at('main', 0, null, {}, at('a', 0, null, {}, at('b', 0, 10)), at('c', 280, null))))
    expect(
      terminal.export(700, snapshot(at('main', 0, 700, {}, at('a', 0, 320, {}, at('b', 0, 10)), at('c', 320, 380)))),
    ).toBe(`
  320 ms  │  └─ a ▲ 44 %
  380 ms  ├─ c ▲ 54 %
  700 ms  └─ main

`)
  })

  test('neither repeats nor loses a span when one that was there is dropped', () => {
    const terminal = new Terminal()
    terminal.progress(300, snapshot(at('main', 0, null, {}, at('short', 0, null), at('b', 20, null))))
    expect(terminal.progress(550, snapshot(at('main', 0, null, { dropped: 1 }, at('b', 20, 280))))).toBe(`
          │  └─ short
  280 ms  ├─ b
`)
    expect(terminal.export(560, snapshot(at('main', 0, 560, { dropped: 1 }, at('b', 20, 280))))).toBe(`
          ├─ ⋯ 1 short call left out
  280 ms  ├─ ▲ 50 %  b
  560 ms  └─ main ▲ 50 %

`)
  })

  test('prints the same spans once each, whatever the snapshots were', () => {
    for (const steps of [[], [300], [260, 700, 1100], Array.from({ length: 30 }, (_, i) => 250 + i * 40)]) {
      const terminal = new Terminal()
      for (const time of steps) terminal.progress(time, snapshot(until(time)))
      terminal.export(2000, snapshot(until(2000)))
      const names = terminal.stream.text
        .match(/(?:\d s|ms|µs) +[│ ]*[├└]─ (\w+)/g)
        ?.map(line => line.replace(/^.*─ /, ''))
      expect(names?.filter(name => name !== 'main').sort()).toEqual(['a', 'b', 'c', 'd', 'e'])
    }
  })

  test('nothing is done for progress where nobody watches', () => {
    expect(new TerminalExporter({ stream: new FakeStream(), env: {} }).progress).toBeUndefined()
    expect(
      new TerminalExporter({ stream: new FakeStream({ isTTY: true }), env: { TERM: 'dumb' } }).progress,
    ).toBeUndefined()
  })
})

/** A trace of 1.2 seconds as it stands at `time`. */
function until(time: number): Span {
  const seen = (name: string, start: number, ms: number, ...below: (Span | undefined)[]): Span | undefined => {
    if (start > time) return undefined
    return at(name, start, start + ms <= time ? ms : null, {}, ...below.filter(child => child !== undefined))
  }
  const tail = [seen('d', 700, 100), seen('e', 820, 330)]
  return seen('main', 0, 1200, seen('a', 10, 500, seen('b', 20, 100), seen('c', 130, 370)), ...tail)!
}
