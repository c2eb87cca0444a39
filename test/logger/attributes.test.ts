import { beforeEach, describe, expect, test } from 'vitest'
import type { Attributes } from '../../model/index.ts'
import { jsonLine } from '../../runtime/exporters/json.ts'
import { recorder, runtime } from '../runtime/program.ts'
import { processorTime } from '../support/processor-time.ts'

const logger = runtime.getLogger('test')

beforeEach(() => recorder.clear())

/** What is kept of attributes that a message is given. The trace must also be writable as JSON, on one line. */
function kept(attributes: unknown): Attributes {
  recorder.clear()
  logger.info('said', attributes as object)
  const [tree] = recorder.trees
  const line = jsonLine(tree!)
  expect(JSON.parse(line).root.messages[0].text).toBe('said')
  expect(line).not.toContain('\n')
  return tree!.root.messages[0]!.attributes
}

const cycle: Record<string, unknown> = { name: 'a' }
cycle['self'] = cycle
cycle['list'] = [cycle, { again: cycle }]

class Money {
  readonly amount = 3
  readonly #hidden = 1
  toJSON(): never {
    throw new Error(`toJSON was asked ${this.#hidden}`)
  }
  toString(): never {
    throw new Error('toString was asked')
  }
  get doubled(): number {
    throw new Error('a getter was asked')
  }
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}

const trap = (): never => {
  throw new Error('a trap ran')
}
const trapped = new Proxy(
  {},
  { get: trap, ownKeys: trap, getPrototypeOf: trap, has: trap, getOwnPropertyDescriptor: trap },
)

describe('values as they are kept', () => {
  test.each<[string, () => unknown, unknown]>([
    ['plain data', () => ({ a: 1, b: [true, null], c: { d: 'x' } }), { a: 1, b: [true, null], c: { d: 'x' } }],
    ['undefined is left out', () => ({ a: undefined, b: 1 }), { b: 1 }],
    ['no attributes', () => undefined, {}],
    ['null', () => null, {}],
    ['a string in place of attributes', () => 'text', { value: 'text' }],
    ['a list in place of attributes', () => [1, 2], { value: [1, 2] }],
    ['an error in place of attributes', () => new RangeError('r'), { value: 'RangeError: r' }],
    ['a proxy in place of attributes', () => trapped, { value: '[proxy]' }],
    ['a cycle', () => cycle, { name: 'a', self: '[circular]', list: ['[circular]', { again: '[circular]' }] }],
    ['BigInt', () => ({ a: 12n, b: 2n ** 20_000n }), { a: '12n', b: '[huge bigint]' }],
    ['numbers that JSON has not', () => ({ a: NaN, b: -Infinity, c: -0 }), { a: 'NaN', b: '-Infinity', c: -0 }],
    ['symbols', () => ({ a: Symbol('s'), [Symbol('key')]: 1 }), { a: 'Symbol(s)' }],
    ['functions', () => ({ a: () => 1, b: class {} }), { a: '[function]', b: '[function]' }],
    ['proxies', () => ({ a: trapped, b: revoked() }), { a: '[proxy]', b: '[proxy]' }],
    ['a proxy as prototype', () => ({ a: Object.create(trapped), b: 1 }), { a: {}, b: 1 }],
    ['class instances', () => ({ a: new Money() }), { a: { amount: 3 } }],
    [
      'getters',
      () => ({
        get a(): never {
          throw new Error('a getter was asked')
        },
      }),
      { a: '[getter]' },
    ],
    ['__proto__', () => JSON.parse('{"__proto__":{"x":1},"a":1}'), JSON.parse('{"__proto__":{"x":1},"a":1}')],
    ['no prototype', () => Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
    [
      'Map',
      () => ({
        a: new Map<unknown, unknown>([
          ['k', 1],
          [{ o: 1 }, 2],
          ['token', 't'],
        ]),
      }),
      { a: { k: 1, '[Object]': 2, token: '[redacted]' } },
    ],
    ['Set', () => ({ a: new Set([1, 'b']) }), { a: [1, 'b'] }],
    ['Date', () => ({ a: new Date(0), b: new Date(NaN) }), { a: '1970-01-01T00:00:00.000Z', b: 'Invalid Date' }],
    [
      'URL',
      () => ({ a: new URL('https://u:p@h.example/x?token=t&q=1') }),
      { a: 'https://u:redacted@h.example/x?token=%5Bredacted%5D&q=1' },
    ],
    ['RegExp', () => ({ a: /a\/b/gi }), { a: '/a\\/b/gi' }],
    ['Error', () => ({ a: new TypeError('t') }), { a: 'TypeError: t' }],
    ['boxed primitives', () => ({ a: Object('s'), b: Object(1n) }), { a: 's', b: '1n' }],
    [
      'bytes',
      () => ({ a: new Uint8Array(1e6), b: new ArrayBuffer(3), c: Buffer.from('x') }),
      { a: '[Uint8Array of 1000000 bytes]', b: '[3 bytes]', c: '[Buffer of 1 bytes]' },
    ],
    [
      'promises and weak collections',
      () => ({ a: Promise.resolve(1), b: new WeakMap() }),
      { a: '[promise]', b: '[weak]' },
    ],
    ['sparse lists', () => ({ a: new Array(3) }), { a: ['[undefined]', '[undefined]', '[undefined]'] }],
    ['depth', () => ({ a: { b: { c: { d: { e: { f: 1 } } } } } }), { a: { b: { c: { d: { e: '[Object]' } } } } }],
  ])('%s', (_, make, expected) => {
    expect(kept(make())).toEqual(expected)
  })

  test('overridden intrinsics of an object are not asked', () => {
    const hostile = <T extends object>(value: T, names: readonly string[]): T => {
      for (const name of names) Object.defineProperty(value, name, { get: trap })
      return value
    }
    class Sized extends Map<string, number> {
      override get size(): never {
        throw new Error('size was asked')
      }
    }
    expect(
      kept({
        date: hostile(new Date(0), ['toISOString', 'getTime']),
        map: new Sized([['a', 1]]),
        set: hostile(new Set([1]), ['size', 'values']),
        bytes: hostile(new Uint8Array(2), ['byteLength', 'length']),
        regExp: hostile(/x/g, ['source', 'flags', 'toString']),
        url: hostile(new URL('https://h.example/'), ['href', 'toString']),
        boxed: hostile(Object('s'), ['valueOf', 'toString']),
        error: hostile(new Error('e'), ['name', 'cause']),
      }),
    ).toEqual({
      date: '1970-01-01T00:00:00.000Z',
      map: { a: 1 },
      set: [1],
      bytes: '[Uint8Array of 2 bytes]',
      regExp: '/x/g',
      url: 'https://h.example/',
      boxed: 's',
      error: 'Error: e',
    })
  })
})

test('numbers of cards, tokens and credentials, whatever they are called', () => {
  const jwt = `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U`
  expect(
    kept({
      note: 'charged 4242 4242 4242 4242 twice',
      n: 378282246310005,
      plain: '5555555555554444',
      header: 'Authorization: Bearer abcdefgh12345678',
      id: jwt,
      // Not the check digit, no issuer, a time, a phone number.
      kept: ['4242 4242 4242 4243', '1234567812345670', 1_795_359_600_000, '+49 30 1234 5678', 4242424242424243],
    }),
  ).toEqual({
    note: 'charged [redacted] twice',
    n: '[redacted]',
    plain: '[redacted]',
    header: 'Authorization: Bearer [redacted]',
    id: '[redacted]',
    kept: ['4242 4242 4242 4243', '1234567812345670', 1_795_359_600_000, '+49 30 1234 5678', 4242424242424243],
  })
})

test('secrets, in any spelling and depth', () => {
  expect(
    kept({
      Password: 1,
      'api-key': 2,
      API_KEY: 3,
      'x-api-key': 4,
      accessToken: 5,
      clientSecret: 6,
      pass_word: 7,
      pwd: 8,
      'proxy-authorization': 9,
      'Set-Cookie': 10,
      sessionId: 11,
      author: 'kept',
      compass: 'kept',
      list: [{ deep: [{ Authorization: 'Bearer x' }] }],
      pairs: [
        ['Authorization', 'Bearer x'],
        ['Accept', '*/*'],
      ],
      rawHeaders: ['Cookie', 'a=b', 'Accept', '*/*'],
    }),
  ).toMatchInlineSnapshot(`
    {
      "API_KEY": "[redacted]",
      "Password": "[redacted]",
      "Set-Cookie": "[redacted]",
      "accessToken": "[redacted]",
      "api-key": "[redacted]",
      "author": "kept",
      "clientSecret": "[redacted]",
      "compass": "kept",
      "list": [
        {
          "deep": [
            {
              "Authorization": "[redacted]",
            },
          ],
        },
      ],
      "pairs": [
        [
          "Authorization",
          "[redacted]",
        ],
        [
          "Accept",
          "*/*",
        ],
      ],
      "pass_word": "[redacted]",
      "proxy-authorization": "[redacted]",
      "pwd": "[redacted]",
      "rawHeaders": [
        "Cookie",
        "[redacted]",
        "Accept",
        "*/*",
      ],
      "sessionId": "[redacted]",
      "x-api-key": "[redacted]",
    }
  `)
})

describe('size', () => {
  test('huge strings, and a copy of their beginning', () => {
    const { text } = kept({ text: 'x'.repeat(1e7) })
    expect(text).toBe(`${'x'.repeat(2_000)}… 9998000 more`)
    const { symbol, ...rest } = kept({ symbol: Symbol('y'.repeat(1e6)), ['k'.repeat(1e6)]: 1 })
    expect(String(symbol).length).toBeLessThan(2_100)
    expect(Object.keys(rest)[0]!.length).toBeLessThan(2_100)
  })

  test('a message that is huge, or no text', () => {
    logger.info(12n as never)
    logger.info({ a: Symbol('s') } as never)
    logger.info(undefined as never)
    logger.info('z'.repeat(1e6))
    const texts = recorder.trees.map(tree => tree.root.messages[0]!.text)
    expect(texts.slice(0, 3)).toEqual(['12n', '{"a":"Symbol(s)"}', ''])
    expect(texts[3]!.length).toBeLessThan(100_000)
  })

  test('what is broad is cut, and counted', () => {
    const { list, set } = kept({ list: Array.from({ length: 60 }, (_, i) => i), set: new Set(Array(60).keys()) })
    expect([(list as number[]).slice(-2), (set as number[]).slice(-2)]).toEqual([
      [49, '… 10 more'],
      [49, '… 10 more'],
    ])
    expect(kept(Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`k${i}`, i])))['…']).toBe('10 more')
  })

  test('a million entries, or a full tree, take bounded time and room', () => {
    const list = new Array(1e6).fill({ a: 1 })
    const bytes = new Float64Array(1e6)
    const set = new Set(Array(1e6).keys())
    const map = new Map(list.map((_, i) => [i, i]))
    const node = (depth: number): unknown =>
      depth === 0 ? 'x'.repeat(5_000) : Array.from({ length: 50 }, () => node(depth - 1))
    const full = { wide: node(3) }
    expect(processorTime(() => kept({ list, bytes, set, map }))).toBeLessThan(100)
    expect(processorTime(() => kept(full))).toBeLessThan(100)
    expect(JSON.stringify(kept(full)).length).toBeLessThan(150_000)
  })

  test('attributes and messages of one span are bounded, and what is dropped is counted', () => {
    logger.span('full', () => {
      for (let i = 0; i < 20_000; i++) logger.extra({ [`name${i}`]: i })
      for (let i = 0; i < 10_500; i++) logger.debug('again')
      logger.extra({ name0: 'changed' })
    })
    const { attributes, messages } = recorder.find('full')!
    expect([Object.keys(attributes).length <= 300, attributes['name0'], attributes['attributes.dropped']]).toEqual([
      true,
      'changed',
      20_000 - 256,
    ])
    expect([messages.length, attributes['messages.dropped']]).toEqual([10_000, 500])
  })
})
