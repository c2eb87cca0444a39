import { describe, expect, test } from 'vitest'
import { type SpanTree, spansOf } from '../../model/index.ts'
import { jsonLine } from '../../runtime/exporters/json.ts'
import { renderTerminal } from '../../runtime/exporters/terminal.ts'
import { exported, loadProgram, recorder, renderTree, run, runtime, until } from './program.ts'

/** Keeps every tree apart, as an exporter gets it. */
class Separate {
  readonly trees: SpanTree[] = []
  export(tree: SpanTree): void {
    this.trees.push(tree)
  }
}

/** Runs `action` with the exports of a program; the trees that it makes from then on, each as it was exported. */
async function separately<T>(
  code: string,
  action: (program: T, trees: readonly SpanTree[]) => Promise<void>,
): Promise<readonly SpanTree[]> {
  const exporter = new Separate()
  const program = await loadProgram<T>(code)
  await runtime.flush()
  runtime.configure({ exporters: [exporter] })
  try {
    await action(program, exporter.trees)
  } finally {
    runtime.configure({ mode: 'record' })
  }
  return exporter.trees
}

/** `late: ` before a late addition, with the name of the span that it is below. */
function describeTrees(trees: readonly SpanTree[]): string {
  const names = new Map(trees.flatMap(({ root }) => Array.from(spansOf(root), ({ span }) => [span.id, span.name])))
  return trees
    .map(tree => `${tree.late ? `late, below ${names.get(tree.root.parentId ?? '')}: ` : ''}${renderTree(tree)}`)
    .join('\n')
}

describe('what outlives its root', () => {
  test('a call that nobody awaited floats, and comes as a late tree when it has ended', async () => {
    const trees = await separately<{ main(): Promise<void>; finish(): void }>(
      `
        const { promise: gate, resolve: release } = Promise.withResolvers()
        async function writeAudit() { await gate; stamp() }
        function stamp() { return Date.now() }
        export async function main() { writeAudit(); await null }
        export const finish = release`,
      async ({ main, finish }, trees) => {
        await main()
        await until(() => trees.length === 1)
        expect([...spansOf(trees[0]!.root)].map(({ span }) => [span.name, span.status, span.floating])).toEqual([
          ['main', 'succeeded', undefined],
          ['writeAudit', 'started', true],
        ])
        finish()
        await until(() => trees.length === 2)
      },
    )
    expect(describeTrees(trees)).toMatchInlineSnapshot(`
      "main
      └─ writeAudit … still running
      late, below main: writeAudit
      └─ stamp"
    `)
    expect(trees[1]?.traceId).toBe(trees[0]?.traceId)
    expect(trees[1]?.root.id).toBe(trees[0]?.root.children[0]?.id)
  })

  test('a call that ended after the async function that had called it floats, unless that failed', async () => {
    const trees = await separately<{ main(): Promise<void> }>(
      `
        const ticks = async n => { for (let i = 0; i < n; i++) await null }
        const passes = () => ticks(9)
        async function forgets() { ticks(20); await ticks(5) }
        async function forgetsIndirectly() { passes(); await null }
        async function returns() { return ticks(5) }
        async function returnsIndirectly() { return passes() }
        async function fails() { await Promise.all([ticks(9), Promise.reject(new Error('one of them'))]) }
        export async function main() {
          await Promise.all([forgets(), forgetsIndirectly(), returns(), returnsIndirectly(), fails().catch(() => {})])
          ticks(50)
        }`,
      async ({ main }, trees) => {
        await main()
        await until(() => trees.length === 1)
      },
    )
    const floating = [...spansOf(trees[0]!.root)].filter(({ span }) => span.floating)
    const parents = floating.map(({ span }) => {
      const parent = [...spansOf(trees[0]!.root)].find(({ span: { id } }) => id === span.parentId)
      return `${span.name} in ${parent?.span.name}`
    })
    expect(parents).toEqual(['ticks in forgets', 'ticks in main'])
  })

  test('a tree that was exported does not change when what floats in it goes on', async () => {
    const trees = await separately<{ main(): void; finish(): void }>(
      `
        import { getLogger } from 'span-tree'
        const logger = getLogger('t')
        const { promise: gate, resolve: release } = Promise.withResolvers()
        async function floats() {
          logger.info('before'); logger.extra({ a: 1 })
          await gate
          logger.info('after'); logger.extra({ b: 2 })
        }
        export function main() { floats() }
        export const finish = release`,
      async ({ main, finish }, trees) => {
        main()
        await until(() => trees.length === 1)
        finish()
        await until(() => trees.length === 2)
      },
    )
    expect(describeTrees(trees)).toMatchInlineSnapshot(`
      "main
      └─ floats {a=1} … still running
         └─ INFO before
      late, below main: floats {a=1 b=2}
      ├─ INFO before
      └─ INFO after"
    `)
  })

  test('callbacks of timers, ticks and emitters that come after the export join below the right parent', async () => {
    const trees = await separately<{ main(): Promise<void>; emit(): void }>(
      `
        import { AsyncResource } from 'node:async_hooks'
        import { getLogger } from 'span-tree'
        let resource
        export async function main() { await null; schedule(); await inner() }
        function schedule() { resource = new AsyncResource('kept') }
        async function inner() { await null; inner.resource = new AsyncResource('kept') }
        const sync = () => Math.max(1, 2)
        async function later() { await null; sync() }
        function* numbers() { yield sync() }
        const message = () => getLogger('audit').info('late message')
        export function emit() {
          resource.runInAsyncScope(sync)
          inner.resource.runInAsyncScope(sync)
          resource.runInAsyncScope(later)
          resource.runInAsyncScope(() => [...numbers()])
          resource.runInAsyncScope(getLogger('audit').info, getLogger('audit'), 'alone')
          resource.runInAsyncScope(() => getLogger('audit').span('by hand', () => message()))
        }`,
      async ({ main, emit }, trees) => {
        await main()
        await until(() => trees.length === 1)
        emit()
        await until(() => trees.length >= 8)
      },
    )
    expect(describeTrees(trees)).toMatchInlineSnapshot(`
      "main
      ├─ schedule
      └─ inner
      late, below main: sync
      late, below inner: sync
      late, below main: emit › <anonymous @ runInAsyncScope>
      └─ numbers
         └─ sync
      late, below main: audit
      └─ INFO alone
      late, below main: emit › <anonymous @ runInAsyncScope>
      └─ by hand
         └─ emit › <anonymous @ runInAsyncScope> › <anonymous @ span>
            └─ message
               └─ INFO late message
      emit
      late, below main: later
      └─ sync"
    `)
    expect(new Set(trees.filter(tree => tree.late).map(tree => tree.traceId))).toEqual(new Set([trees[0]?.traceId]))
  })

  test('a root waits, for a bounded time, for the calls that it started', async () => {
    const { tree } = await run(`
      async function child() { await null; await null; leaf() }
      const leaf = () => Math.random()
      export function main() { child() }`)
    expect(tree).toMatchInlineSnapshot(`
      "main
      └─ child
         └─ leaf"
    `)
  })

  test('an abandoned generator ends its trace, and is no missing await', async () => {
    const { tree, trees } = await run(`
      function* forever() { for (let i = 0; ; i++) yield Number(i) }
      async function* stream() { for (let i = 0; ; i++) yield Number(i) }
      export async function main() {
        const [first] = forever()
        const kept = forever()
        kept.next()
        const rest = stream()
        await rest.next()
        return first
      }`)
    expect(tree).toMatchInlineSnapshot(`
      "main
      ├─ forever
      ├─ forever … still running
      └─ stream … still running"
    `)
    expect(Array.from(spansOf(trees[0]!.root), ({ span }) => span.floating)).not.toContain(true)
  })
})

test("an exporter of the program's own that is instrumented with it gets no traces of itself", async () => {
  const seen: string[] = []
  ;(globalThis as { seenByExporter?: string[] }).seenByExporter = seen
  const { exporter } = await loadProgram<{ exporter: Separate }>(`
    const note = name => { seenByExporter.push(name) }
    export const exporter = { export(tree) { note(tree.root.name) }, flushSync() { note('flush') } }`)
  await separately<{ main(): void }>(`export function main() { return Number('1') }`, async ({ main }) => {
    runtime.configure({ exporters: [exporter] })
    main()
    for (let i = 0; i < 5; i++) await runtime.flush()
  })
  expect(seen).toEqual(['main'])
})

test('concurrent roots do not mix', async () => {
  const { main } = await loadProgram<{ main(name: string): Promise<void> }>(`
    export async function main(name) { for (let i = 0; i < 3; i++) { await step(name) } }
    async function step(name) { await null; mark[name]() }
    const mark = { a: () => Number('1'), b: () => Number('2'), c: () => Number('3') }`)
  recorder.clear()
  const before = exported()
  await Promise.all(['a', 'b', 'c'].map(main))
  await until(() => exported() - before === 3)
  const branches = (mark: string): string => `\
main
├─ step
│  └─ mark.${mark}
├─ step
│  └─ mark.${mark}
└─ step
   └─ mark.${mark}`
  expect(renderTree(recorder)).toBe(['a', 'b', 'c'].map(branches).join('\n'))
})

describe('size', () => {
  test('recursion that fills the stack throws the RangeError that it threw, and the next call is traced again', async () => {
    const { result, tree } = await run(
      `
      function depth(n) { return n === 0 ? 0 : 1 + depth(n - 1) }
      function attempt(n) { try { return depth(n) } catch (error) { return [error.constructor === RangeError, error.message] } }
      const leaf = () => Number('1')
      export function main() { const full = attempt(50_000); return [full, attempt(1_000), leaf()] }`,
    )
    expect(result).toEqual([[true, 'Maximum call stack size exceeded'], 1_000, 1])
    const lines = tree.split('\n')
    expect([lines[0], lines.at(-1)]).toEqual(['main', '└─ leaf'])
  })

  test('a trace of 100,000 spans, broad or deep, is built, rendered and written as JSON in bounded time', async () => {
    const begun = process.cpuUsage()
    runtime.configure({ maxSiblings: 1e6 })
    const broad = await run(`
      const leaf = () => Number('1')
      export function main() { for (let i = 0; i < 100_000; i++) leaf() }`)
    const deep = await run(`
      async function down(n) { if (n > 0) { await null; await down(n - 1) } }
      export async function main() { await down(100_000) }`)
    expect(broad.tree.split('\n')).toHaveLength(100_001)
    const [tree] = deep.trees
    expect([...spansOf(tree!.root)].at(-1)?.depth).toBe(100_001)
    expect(jsonLine(tree!).length).toBeGreaterThan(100_000)
    expect(renderTerminal(tree!)).toContain('down')
    expect(process.cpuUsage(begun).user / 1e6).toBeLessThan(15)
  })

  test('an error that crosses 20,000 async calls', async () => {
    const { trees } = await run(`
      async function down(n) { await null; if (n === 0) throw new Error('bottom'); await down(n - 1) }
      export async function main() { try { await down(20_000) } catch (error) { return error.message } }`)
    const { root } = trees[0]!
    expect([root.handledErrors.length, root.status]).toEqual([1, 'succeeded'])
    expect([...spansOf(root)].at(-1)?.span.exitError?.kind).toBe('error')
  })
})
