import { describe, expect, test } from 'vitest'
import type { ErrorRecord } from '../../model/index.ts'
import { recorder, run } from './program.ts'

function recordOf(name: string): ErrorRecord {
  const error = recorder.find(name)?.exitError
  if (error?.kind !== 'error') throw new Error(`${name} holds no record`)
  return error
}

describe('an error is recorded where it was thrown, referred to where it crosses, handled where it ends', () => {
  test('synchronous functions', async () => {
    const { tree } = await run(`
      function read(key) { throw new TypeError('no ' + key) }
      const lookUp = key => read(key)
      function load(key) { try { return lookUp(key) } catch { return 'default' } }
      export function main() { return load('a') }`)
    expect(tree).toMatchInlineSnapshot(`
      "main
      └─ load
         ├─ lookUp ↑ TypeError: no a
         │  └─ read ✗ TypeError: no a
         └─ handled TypeError: no a"
    `)
  })

  test('an error that nobody handles fails the root', async () => {
    await expect(
      run(`
        async function read() { await null; throw new TypeError('gone') }
        export async function main() { await read() }`),
    ).rejects.toThrow('gone')
    const { root } = recorder.trees[0]!
    expect(root.status).toBe('failed')
    expect(root.exitError).toEqual({
      kind: 'reference',
      spanId: recorder.find('read')?.id,
      type: 'TypeError',
      message: 'gone',
    })
  })

  test('async functions, through one that merely returned the promise', async () => {
    const { tree } = await run(`
      async function charge() { await null; throw new RangeError('declined') }
      const viaSync = () => charge()
      async function viaReturn() { return viaSync() }
      async function checkout() { try { await viaReturn() } catch { return 'later' } }
      export const main = () => checkout()`)
    expect(tree).toMatchInlineSnapshot(`
      "main
      └─ checkout
         ├─ viaReturn ↑ RangeError: declined
         │  └─ viaSync
         │     └─ charge ✗ RangeError: declined
         └─ handled RangeError: declined"
    `)
  })

  test('an async function that fails at once, called by one that merely returned the promise', async () => {
    const { tree } = await run(`
      async function create(name) { if (name.length < 2) throw new RangeError('too short') }
      const viaSync = name => create(name)
      async function request() { try { await viaSync('E') } catch { return 500 } }
      async function fails() { await viaSync('F') }
      export async function main() { await request(); await fails().catch(() => {}) }`)
    expect(tree).toMatchInlineSnapshot(`
      "main
      ├─ request
      │  ├─ viaSync
      │  │  └─ create ✗ RangeError: too short
      │  └─ handled RangeError: too short
      ├─ fails ↑ RangeError: too short
      │  └─ viaSync
      │     └─ create ✗ RangeError: too short
      ├─ handled RangeError: too short
      └─ main › <anonymous @ catch>"
    `)
  })

  test('a promise that rejects after its maker returned, caught by a callback', async () => {
    const { tree } = await run(`
      async function late() { await null; throw new Error('late') }
      export function main() { return late().catch(error => error.message) }`)
    expect(tree).toMatchInlineSnapshot(`
      "main
      ├─ late ✗ Error: late
      └─ main › <anonymous @ catch>"
    `)
  })

  test('replaced by another error, with and without a cause', async () => {
    const { tree } = await run(`
      function low() { throw new Error('low') }
      function wraps() { try { low() } catch (cause) { throw new Error('high', { cause }) } }
      function replaces() { try { low() } catch { throw new Error('other') } }
      function attempt(fn) { try { fn() } catch {} }
      export function main() { attempt(wraps); attempt(replaces) }`)
    expect(tree).toMatchInlineSnapshot(`
      "main
      ├─ attempt
      │  ├─ wraps ✗ Error: high
      │  │  └─ low ✗ Error: low
      │  └─ handled Error: high
      └─ attempt
         ├─ replaces ✗ Error: other
         │  ├─ low ✗ Error: low
         │  └─ handled Error: low
         └─ handled Error: other"
    `)
    expect(recordOf('wraps').cause).toMatchObject({ type: 'Error', message: 'low' })
    expect(recordOf('replaces').cause).toBeUndefined()
  })

  test('Promise.any gathers, Promise.all takes the first', async () => {
    const { tree } = await run(`
      async function fails(name) { await null; throw new Error(name) }
      async function any() { await Promise.any([fails('a'), fails('b')]) }
      async function all() { await Promise.all([fails('c'), fails('d')]) }
      async function attempt(fn) { try { await fn() } catch {} }
      export async function main() { await attempt(any); await attempt(all) }`)
    expect(tree).toMatchInlineSnapshot(`
      "main
      ├─ attempt
      │  ├─ any ✗ AggregateError: All promises were rejected
      │  │  ├─ fails ✗ Error: a
      │  │  └─ fails ✗ Error: b
      │  └─ handled AggregateError: All promises were rejected
      └─ attempt
         ├─ all ↑ Error: c
         │  ├─ fails ✗ Error: c
         │  ├─ fails ✗ Error: d
         │  └─ handled Error: d
         └─ handled Error: c"
    `)
    expect(recordOf('any').errors?.map(error => error.message)).toEqual(['a', 'b'])
  })

  test('swallowed by a finally block that returns', async () => {
    const { tree, result } = await run(`
      function fails() { throw new Error('lost') }
      function swallows() { try { fails() } finally { return 1 } }
      async function failsLater() { await null; throw new Error('lost too') }
      async function swallowsLater() { try { await failsLater() } finally { return 2 } }
      export async function main() { return [swallows(), await swallowsLater()] }`)
    expect(result).toEqual([1, 2])
    expect(tree).toMatchInlineSnapshot(`
      "main
      ├─ swallows
      │  ├─ fails ✗ Error: lost
      │  └─ handled Error: lost
      └─ swallowsLater
         ├─ failsLater ✗ Error: lost too
         └─ handled Error: lost too"
    `)
  })

  test('thrown by a generator and into one', async () => {
    const { tree, result } = await run(`
      function* counts() { yield 1; throw new Error('two') }
      function* asked() { try { yield 1 } catch (error) { yield error.message } }
      function consumes() { const seen = []; try { for (const n of counts()) seen.push(n) } catch { seen.push('x') } return seen }
      function throwsIn() { const it = asked(); it.next(); return it.throw(new Error('in')).value }
      export function main() { return [consumes(), throwsIn()] }`)
    expect(result).toEqual([[1, 'x'], 'in'])
    expect(tree).toMatchInlineSnapshot(`
      "main
      ├─ consumes
      │  ├─ counts ✗ Error: two
      │  └─ handled Error: two
      └─ throwsIn
         └─ asked … still running"
    `)
  })

  test('the same object thrown twice in a trace: the second time refers to the first', async () => {
    const { tree } = await run(`
      const NOT_FOUND = new Error('not found')
      function find(key) { throw NOT_FOUND }
      function attempt(key) { try { find(key) } catch {} }
      export function main() { attempt('a'); attempt('b') }`)
    expect(tree).toMatchInlineSnapshot(`
      "main
      ├─ attempt
      │  ├─ find ✗ Error: not found
      │  └─ handled Error: not found
      └─ attempt
         ├─ find ↑ Error: not found
         └─ handled Error: not found"
    `)
  })

  test('the same object thrown in another trace is recorded there again', async () => {
    const code = `
      const KEPT = globalThis.keptError ??= new Error('kept')
      function fails() { throw KEPT }
      export function main() { try { fails() } catch {} }`
    const first = await run(code)
    const second = await run(code)
    expect(first.tree).toMatchInlineSnapshot(`
      "main
      ├─ fails ✗ Error: kept
      └─ handled Error: kept"
    `)
    expect(second.tree).toBe(first.tree)
  })
})

describe('whatever is thrown arrives as it was', () => {
  test.each([
    ['undefined', 'undefined: [undefined]'],
    ['null', 'null: null'],
    ["'text'", 'string: text'],
    ['NaN', 'number: NaN'],
    ['-0', 'number: 0'],
    ['12n', 'bigint: 12n'],
    ["Symbol.for('s')", 'symbol: Symbol(s)'],
    ['function named() {}', 'Function: [function]'],
    ["Object.freeze({ code: 1, token: 't' })", 'Object: {"code":1,"token":"[redacted]"}'],
    ["Object.freeze(new RangeError('frozen'))", 'RangeError: frozen'],
    ["new Proxy(new Error('inside'), {})", 'Proxy: [proxy]'],
    ['(p => (p.revoke(), p.proxy))(Proxy.revocable({}, {}))', 'Proxy: [proxy]'],
    ["Object.create(new Proxy({}, { getPrototypeOf() { throw new Error('trap') } }))", 'Object: {}'],
    ["new DOMException('stop', 'AbortError')", 'AbortError: stop'],
    ['new (class PaymentError extends Error {})()', 'PaymentError'],
    ["Object.assign(new Error('named'), { name: 'Custom' })", 'Custom: named'],
    ['Object.create(null)', 'Object: {}'],
  ])('%s', async (expression, text) => {
    const { tree, result } = await run(`
      const value = ${expression}
      function fails() { throw value }
      function crossed() { fails() }
      function survives() { try { crossed() } catch (error) { return Object.is(error, value) } }
      export function main() { return survives() }`)
    expect(result).toBe(true)
    expect(tree).toBe(`\
main
└─ survives
   ├─ crossed ↑ ${text}
   │  └─ fails ✗ ${text}
   └─ handled ${text}`)
  })

  test('an error whose properties throw when they are read', async () => {
    const { tree } = await run(`
      class Hostile extends Error {
        get message() { throw new Error('message') }
        get name() { throw new Error('name') }
        get stack() { throw new Error('stack') }
        get cause() { throw new Error('cause') }
        get errors() { throw new Error('errors') }
        constructor() { super(); Object.defineProperty(this, 'code', { enumerable: true, get() { throw 1 } }) }
      }
      function fails() { throw new Hostile() }
      export function main() { try { fails() } catch {} }`)
    expect(tree).toMatchInlineSnapshot(`
      "main
      ├─ fails ✗ Hostile
      │  └─ new Hostile
      └─ handled Hostile"
    `)
    expect(recordOf('fails').attributes).toEqual({ code: '[getter]' })
  })

  test('errors that contain themselves', async () => {
    await run(`
      function fails() {
        const error = new AggregateError([], 'ring')
        error.cause = error
        error.errors = Array.from({ length: 20 }, () => error).concat(new AggregateError([error, new Error('leaf')], 'inner'))
        throw error
      }
      function replaces() { try { fails() } catch (cause) { throw new Error('outer', { cause }) } }
      export function main() { try { replaces() } catch {} }`)
    const { cause } = recordOf('replaces')
    expect(cause).toMatchObject({ type: 'AggregateError', message: 'ring' })
    expect(recorder.find('main')?.handledErrors).toHaveLength(1)
  })

  test('a message of ten million characters is cut', async () => {
    await run(`
      function fails() { throw new Error('x'.repeat(1e7)) }
      export function main() { try { fails() } catch {} }`)
    const { message, stack } = recordOf('fails')
    expect([message.length < 10_000, stack!.length < 40_000]).toEqual([true, true])
    expect(message).toMatch(/^x+… 9992000 more$/)
    expect(recorder.find('main')!.handledErrors[0]!.message.length).toBeLessThan(600)
  })
})

describe('what is kept of an error', () => {
  test('the parameters as they were when it was thrown, without secrets', async () => {
    await run(`
      function pays(order, { token, ...rest }, apiKey, [first], ...others) {
        order.state = 'changed'
        throw new Error('declined')
      }
      export function main() {
        try {
          pays(
            { id: 7, card: { Authorization: 'Bearer x', headers: { 'Set-Cookie': 'a', 'X-API-KEY': 'b' } } },
            { token: 't', amount: 3 }, 'k', ['f'], 1, { PASS_WORD: 'p' },
          )
        } catch {}
      }`)
    expect(recordOf('pays').arguments).toMatchInlineSnapshot(`
      {
        "apiKey": "[redacted]",
        "first": "f",
        "order": {
          "card": {
            "Authorization": "[redacted]",
            "headers": {
              "Set-Cookie": "[redacted]",
              "X-API-KEY": "[redacted]",
            },
          },
          "id": 7,
          "state": "changed",
        },
        "others": [
          1,
          {
            "PASS_WORD": "[redacted]",
          },
        ],
        "rest": {
          "amount": 3,
        },
        "token": "[redacted]",
      }
    `)
  })

  test('further properties, without secrets; the level of the span', async () => {
    await run(`
      function fails() { throw Object.assign(new Error('no'), { code: 'E_NO', password: 'p', level: 'critical' }) }
      export function main() { try { fails() } catch {} }`)
    expect(recordOf('fails').attributes).toEqual({ code: 'E_NO', password: '[redacted]', level: 'critical' })
    expect([recorder.find('fails')?.level, recorder.find('main')?.level]).toEqual(['error', 'info'])
  })

  test('a failed span is an error at least, whatever level it was given', async () => {
    await run(`
      import { getLogger } from 'span-tree'
      const attempt = level => { try { getLogger('l').span(level, { level }, () => { throw new Error(level) }) } catch {} }
      export function main() { attempt('debug'); attempt('critical') }`)
    expect([recorder.find('debug')?.level, recorder.find('critical')?.level]).toEqual(['error', 'critical'])
  })

  test('the stack is formatted when the program asks, not before', async () => {
    const { result, trees } = await run(`
      function fails() { throw new Error('unread') }
      export function main() {
        const before = Error.prepareStackTrace
        let formatted = 0
        Error.prepareStackTrace = () => { formatted++; return 'formatted' }
        const seen = []
        try { fails() } catch (error) { seen.push(formatted, error.stack, formatted) }
        Error.prepareStackTrace = before
        return seen
      }`)
    expect(result).toEqual([0, 'formatted', 1])
    expect(trees).toHaveLength(1)
    expect(recordOf('fails').stack).toBe('formatted')
  })
})
