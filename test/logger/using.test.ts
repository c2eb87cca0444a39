import { describe, expect, test } from 'vitest'
import { run } from '../runtime/program.ts'

describe('logger.start with using in instrumented functions', () => {
  const HEAD = `
    import { getLogger } from 'span-tree'
    const logger = getLogger('test')
    const say = text => logger.info(text)
    const tick = () => new Promise(resolve => setImmediate(resolve))`

  test('synchronous: current until its block ends, nested, left by return and throw', async () => {
    const { tree } = await run(`${HEAD}
      function steps() {
        say('before')
        { using a = logger.start('a'); say('in a'); { using b = logger.start('b'); say('in b') } say('in a again') }
        say('after')
      }
      function returns() { using step = logger.start('step'); return say('returning') }
      function throws() { using step = logger.start('step'); throw new Error('out') }
      export function main() { steps(); returns(); try { throws() } catch {} say('in main') }`)
    expect(tree).toMatchInlineSnapshot(`
      "main
      ├─ steps
      │  ├─ say
      │  │  └─ INFO before
      │  ├─ a
      │  │  ├─ say
      │  │  │  └─ INFO in a
      │  │  ├─ b
      │  │  │  └─ say
      │  │  │     └─ INFO in b
      │  │  └─ say
      │  │     └─ INFO in a again
      │  └─ say
      │     └─ INFO after
      ├─ returns
      │  └─ step
      │     └─ say
      │        └─ INFO returning
      ├─ throws ✗ Error: out
      │  └─ step
      ├─ handled Error: out
      └─ say
         └─ INFO in main"
    `)
  })

  test('async: current after awaits, while others run, until disposal', async () => {
    const { tree } = await run(`${HEAD}
      async function one(name) {
        using step = logger.start('step ' + name)
        await tick()
        say('in ' + name)
        { await using inner = logger.start('inner ' + name); await tick(); say('inner ' + name) }
        say('again in ' + name)
        return await tick()
      }
      async function early() { await using step = logger.start('early'); await null; if (step) return say('returning') }
      async function throws() { using step = logger.start('throwing'); await null; throw new Error('out') }
      export async function main() {
        await Promise.all([one('x'), one('y')])
        await early()
        try { await throws() } catch {}
        say('in main')
      }`)
    expect(tree).toMatchInlineSnapshot(`
      "main
      ├─ one
      │  └─ step x
      │     ├─ tick
      │     │  └─ tick › <anonymous @ Promise>
      │     ├─ say
      │     │  └─ INFO in x
      │     ├─ inner x
      │     │  ├─ tick
      │     │  │  └─ tick › <anonymous @ Promise>
      │     │  └─ say
      │     │     └─ INFO inner x
      │     ├─ say
      │     │  └─ INFO again in x
      │     └─ tick
      │        └─ tick › <anonymous @ Promise>
      ├─ one
      │  └─ step y
      │     ├─ tick
      │     │  └─ tick › <anonymous @ Promise>
      │     ├─ say
      │     │  └─ INFO in y
      │     ├─ inner y
      │     │  ├─ tick
      │     │  │  └─ tick › <anonymous @ Promise>
      │     │  └─ say
      │     │     └─ INFO inner y
      │     ├─ say
      │     │  └─ INFO again in y
      │     └─ tick
      │        └─ tick › <anonymous @ Promise>
      ├─ early
      │  └─ early
      │     └─ say
      │        └─ INFO returning
      ├─ throws ✗ Error: out
      │  └─ throwing
      ├─ handled Error: out
      └─ say
         └─ INFO in main"
    `)
  })

  test('callbacks that were started before it stay with the function', async () => {
    const { tree } = await run(`${HEAD}
      export async function main() {
        const before = new Promise(resolve => setImmediate(() => { say('started before'); resolve() }))
        using step = logger.start('step')
        const within = new Promise(resolve => setImmediate(() => { say('started within'); resolve() }))
        await before
        await within
        say('in the step')
      }`)
    expect(tree).toMatchInlineSnapshot(`
      "main
      ├─ main › <anonymous @ Promise>
      ├─ step
      │  ├─ main › <anonymous @ Promise>
      │  ├─ main › <anonymous @ Promise> › <anonymous @ setImmediate>
      │  │  └─ say
      │  │     └─ INFO started within
      │  └─ say
      │     └─ INFO in the step
      └─ main › <anonymous @ Promise> › <anonymous @ setImmediate>
         └─ say
            └─ INFO started before"
    `)
  })

  test('generators: current while they run, not in who asks', async () => {
    const { tree } = await run(`${HEAD}
      function* numbers() { using step = logger.start('step'); say('first'); yield 1; say('second'); yield 2 }
      async function* stream() { await using step = logger.start('async step'); await tick(); yield 1; say('streaming') }
      export async function main() {
        for (const n of numbers()) say('asking ' + n)
        for await (const n of stream()) say('asking for ' + n)
        say('in main')
      }`)
    expect(tree).toMatchInlineSnapshot(`
      "main
      ├─ numbers
      │  └─ step
      │     ├─ say
      │     │  └─ INFO first
      │     └─ say
      │        └─ INFO second
      ├─ say
      │  └─ INFO asking 1
      ├─ say
      │  └─ INFO asking 2
      ├─ stream
      │  └─ async step
      │     ├─ tick
      │     │  └─ tick › <anonymous @ Promise>
      │     └─ say
      │        └─ INFO streaming
      ├─ say
      │  └─ INFO asking for 1
      └─ say
         └─ INFO in main"
    `)
  })

  test('a generator that is resumed in another task, and steps that end out of order', async () => {
    const { tree } = await run(`${HEAD}
      function* numbers() { { using step = logger.start('step'); yield 1 } say('behind the step'); yield 2 }
      async function next(it) { await null; it.next(); say('in next') }
      function crossed() { using a = logger.start('a'); using b = logger.start('b'); a.end(); b.end(); say('behind both') }
      export async function main() { const it = numbers(); await next(it); await next(it); await next(it); crossed(); say('in main') }`)
    expect(tree).toMatchInlineSnapshot(`
      "main
      ├─ next
      │  ├─ numbers
      │  │  ├─ step
      │  │  └─ say
      │  │     └─ INFO behind the step
      │  └─ say
      │     └─ INFO in next
      ├─ next
      │  └─ say
      │     └─ INFO in next
      ├─ next
      │  └─ say
      │     └─ INFO in next
      ├─ crossed
      │  ├─ a
      │  │  └─ b
      │  └─ say
      │     └─ INFO behind both
      └─ say
         └─ INFO in main"
    `)
  })

  test('ended from a callback while the function waits', async () => {
    const { tree } = await run(`${HEAD}
      export async function main() {
        using step = logger.start('step')
        setImmediate(() => step.end())
        await tick(); await tick()
        say('behind the step')
      }`)
    expect(tree).toMatchInlineSnapshot(`
      "main
      ├─ step
      │  ├─ tick
      │  │  └─ tick › <anonymous @ Promise>
      │  └─ main › <anonymous @ setImmediate>
      ├─ tick
      │  └─ tick › <anonymous @ Promise>
      └─ say
         └─ INFO behind the step"
    `)
  })
})
