import { beforeEach, describe, expect, test } from 'vitest'
import { getLogger } from '../../index.ts'
import { exported, loadProgram, recorder, renderTree, runtime, until } from '../runtime/program.ts'

const logger = runtime.getLogger('test')

beforeEach(() => recorder.clear())

describe('messages', () => {
  test('every method, in the span that is current', () => {
    logger.span('work', () => {
      logger.debug('d')
      logger.info('i', { a: 1 })
      logger.warning('w')
      logger.error('e')
      logger.critical('c')
      logger.log('warning', 'l')
      logger.log('loud' as never, 'unknown level')
      logger.extra({ customer: 'x', password: 'p' })
      logger.exception(new RangeError('handled'), 'while trying', { attempt: 2 })
      logger.exception('no error')
    })
    expect(renderTree(recorder)).toMatchInlineSnapshot(`
      "work {customer=x password="[redacted]"}
      ├─ DEBUG d
      ├─ INFO i {a=1}
      ├─ WARNING w
      ├─ ERROR e
      ├─ CRITICAL c
      ├─ WARNING l
      ├─ INFO unknown level
      ├─ ERROR while trying {attempt=2} ✗ RangeError: handled
      └─ ERROR string: no error ✗ string: no error"
    `)
    const { messages, status } = recorder.find('work')!
    expect(status).toBe('succeeded')
    expect(messages.at(-2)?.error).toMatchObject({ type: 'RangeError', stack: expect.stringContaining('logger.test') })
    expect(new Set(messages.map(message => message.logger))).toEqual(new Set(['test']))
  })

  test('outside any span each is a root of its own, at its level', async () => {
    logger.warning('alone', { a: 1 })
    logger.extra({ b: 2 })
    logger.exception(new Error('alone'))
    await new Promise<void>(resolve => setTimeout(() => resolve(logger.info('in a timer')), 1))
    expect(renderTree(recorder)).toMatchInlineSnapshot(`
      "test
      └─ WARNING alone {a=1}
      test
      └─ INFO extra {b=2}
      test
      └─ ERROR Error: alone ✗ Error: alone
      test
      └─ INFO in a timer"
    `)
    expect(recorder.trees.map(tree => tree.root.level)).toEqual(['warning', 'info', 'error', 'info'])
    expect(new Set(recorder.trees.map(tree => tree.traceId)).size).toBe(4)
  })

  test('the same logger for the same name', () => {
    expect([runtime.getLogger('test'), runtime.getLogger().name]).toEqual([logger, 'app'])
  })

  test('no method throws, whatever it is given', () => {
    const any = logger as unknown as Record<string, (...values: unknown[]) => unknown>
    const odd = [undefined, null, Symbol('s'), 1n, () => 1, Object.create(null), new Proxy({}, {}), Number.NaN, []]
    for (const method of ['debug', 'info', 'warning', 'error', 'critical', 'log', 'exception', 'extra', 'start']) {
      for (const value of odd) {
        expect(() => any[method]!(value, value, value)).not.toThrow()
      }
    }
    expect(any['span']!(Symbol('name'), null, () => 7)).toBe(7)
    expect(any['span']!(undefined, undefined, () => 8)).toBe(8)
  })
})

describe('logger.span', () => {
  test('returns what the function returns, throws what it throws', async () => {
    const error = new TypeError('t')
    expect(logger.span('sync', () => 5)).toBe(5)
    expect(() =>
      logger.span('throws', () => {
        throw error
      }),
    ).toThrow(error)
    expect(await logger.span('async', async () => 6)).toBe(6)
    await expect(
      logger.span('rejects', async () => {
        await null
        throw error
      }),
    ).rejects.toBe(error)
    await expect(logger.span('returns a rejection', () => Promise.reject(error))).rejects.toBe(error)
    expect(renderTree(recorder)).toMatchInlineSnapshot(`
      "sync
      throws ✗ TypeError: t
      async
      rejects ✗ TypeError: t
      returns a rejection ✗ TypeError: t"
    `)
  })

  test('thenables and promises with a `then` of their own come back as they are, not run', async () => {
    let asked = 0
    const thenable = {
      // biome-ignore lint/suspicious/noThenProperty: that is what is tried.
      get then() {
        asked++
        return undefined
      },
    }
    class Lazy extends Promise<number> {
      // biome-ignore lint/suspicious/noThenProperty: that is what is tried.
      override then<A, B>(...values: Parameters<Promise<number>['then']>): Promise<A | B> {
        asked++
        return super.then(...values) as Promise<A | B>
      }
    }
    const lazy = new Lazy(() => {})
    const proxied = new Proxy(Promise.resolve(1), {})
    expect(logger.span('thenable', () => thenable)).toBe(thenable)
    expect(logger.span('lazy', () => lazy)).toBe(lazy)
    expect(logger.span('proxied', () => proxied)).toBe(proxied)
    expect(asked).toBe(0)
    expect(recorder.trees.map(tree => tree.root.status)).toEqual(['succeeded', 'succeeded', 'succeeded'])
  })

  test('a promise keeps the properties that it was given', async () => {
    const child = Object.assign(Promise.resolve('done'), { pid: 7 })
    const returned = logger.span('child', () => child)
    expect([returned.pid, await returned]).toEqual([7, 'done'])
  })

  test('nests, also across awaits and in callbacks, and not in what is beside it', async () => {
    await logger.span('outer', async () => {
      await Promise.all([
        logger.span('a', async () => {
          await null
          logger.info('in a')
          logger.span('a1', () => {})
        }),
        logger.span('b', async () => {
          await null
          await new Promise(resolve => setImmediate(resolve))
          logger.info('in b')
        }),
      ])
      logger.info('in outer')
    })
    logger.info('outside')
    expect(renderTree(recorder)).toMatchInlineSnapshot(`
      "outer
      ├─ a
      │  ├─ INFO in a
      │  └─ a1
      ├─ b
      │  └─ INFO in b
      └─ INFO in outer
      test
      └─ INFO outside"
    `)
  })

  test('newTrace, attributes, level and kind; ids', () => {
    const ids: string[] = []
    logger.span('outer', outer => {
      ids.push(outer.traceId, outer.id)
      logger.span('inner', { newTrace: true, attributes: { a: 1 }, level: 'debug', kind: 'client' }, inner => {
        ids.push(inner.traceId, inner.id)
      })
    })
    const [inner, outer] = recorder.trees
    expect([outer!.traceId, outer!.root.id, inner!.traceId, inner!.root.id]).toEqual(ids)
    expect(new Set(ids).size).toBe(4)
    expect(inner!.root).toMatchObject({ attributes: { a: 1 }, level: 'debug', kind: 'client' })
    expect([inner!.root.parentId, outer!.root.children]).toEqual([undefined, []])
  })

  test('the place is that of the call in the source', () => {
    const own = getLogger('test')
    const here = new Error().stack!.split('\n')[1]!.match(/:(\d+):\d+\)?$/)![1]
    own.span('first', () => {})
    const step = own.start('second')
    step.span('third', () => {}) // And one behind it: two of a name.
    step.span('third', () => {})
    step.end()
    const lines = recorder.trees
      .flatMap(tree => [tree.root, ...tree.root.children])
      .map(({ name, site }) => {
        const { file, line, column } = site!
        return `${name} ${file} +${line - Number(here)}:${column}`
      })
    expect(lines).toEqual([
      'first test/logger/logger.test.ts +1:9',
      'second test/logger/logger.test.ts +2:22',
      'third test/logger/logger.test.ts +3:10',
      'third test/logger/logger.test.ts +4:10',
    ])
  })
})

describe('logger.start without the transformer', () => {
  test('is a parent by run and span, and not current by itself', async () => {
    const step = logger.start('step')
    logger.info('not in it')
    step.run(() => logger.info('in it'))
    step.span('child', () => logger.info('in the child'))
    await step.span('later', async () => {
      await null
      logger.info('later')
    })
    step.extra({ a: 1 }).end()
    step.end()
    expect(renderTree(recorder)).toMatchInlineSnapshot(`
      "test
      └─ INFO not in it
      step {a=1}
      ├─ INFO in it
      ├─ child
      │  └─ INFO in the child
      └─ later
         └─ INFO later"
    `)
  })

  test('does not leak into the caller of an async function', async () => {
    async function uninstrumented(): Promise<void> {
      using step = logger.start('step')
      await null
      step.run(() => logger.info('in it'))
    }
    await logger.span('caller', async () => {
      const promise = uninstrumented()
      logger.info('in the caller')
      await promise
    })
    expect(renderTree(recorder)).toMatchInlineSnapshot(`
      "caller
      ├─ step
      │  └─ INFO in it
      └─ INFO in the caller"
    `)
  })

  test('fail marks it; what comes after its end joins below it', async () => {
    const step = logger.start('step')
    step.fail(new Error('no')).end()
    step.fail(new Error('too late'))
    void recorder.trees
    const { id, traceId } = step
    step.span('afterwards', () => {})
    step.run(() => logger.info('said afterwards'))
    await until(() => recorder.find('afterwards') !== undefined)
    expect(renderTree(recorder)).toMatchInlineSnapshot(`
      "step ✗ Error: no
      ├─ afterwards
      └─ test
         └─ INFO said afterwards"
    `)
    expect([recorder.find('step')!.id, recorder.trees[0]!.traceId]).toEqual([id, traceId])
  })
})

test('nothing is traced while it is off, and everything returns what it did', async () => {
  const before = exported()
  runtime.configure({ mode: 'off' })
  try {
    logger.info('lost')
    logger.extra({ a: 1 })
    logger.exception(new Error('lost'))
    using step = logger.start('step')
    expect([step.id.length, step.traceId, step.run(() => 1), step.span('x', () => 2)]).toEqual([16, '', 1, 2])
    step.extra({}).fail(new Error('x')).end()
    expect(logger.span('off', () => 3)).toBe(3)
    const { main } = await loadProgram<{ main(): Promise<unknown> }>(`
        import { getLogger } from 'span-tree'
        function* counts() { using step = getLogger('t').start('x'); yield 1 }
        async function* stream() { await using step = getLogger('t').start('x'); yield 2 }
        async function fails() { await null; throw new Error('off') }
        export async function main() {
          const seen = [...counts()]
          for await (const each of stream()) seen.push(each)
          try { await fails() } catch (error) { seen.push(error.message) }
          return seen
        }`)
    expect(await main()).toEqual([1, 2, 'off'])
  } finally {
    runtime.configure({ mode: 'record' })
  }
  expect(exported()).toBe(before)
})
