import { stripVTControlCharacters } from 'node:util'
import { describe, expect, test } from 'vitest'
import type { Span } from '../../model/index.ts'
import { type RenderOptions, renderTerminal, TerminalExporter } from '../../runtime/exporters/terminal.ts'
import { textWidth } from '../../runtime/exporters/text-width.ts'
import { FakeStream } from '../support/fake-stream.ts'
import { processorTime } from '../support/processor-time.ts'
import { crossing, error, message, said, span, tree } from '../support/trees.ts'

function show(root: Span, options: RenderOptions = {}): string {
  return `\n${renderTerminal(tree(root), { width: 80, cwd: '/shop', ...options })}\n`
}

function order(): Span {
  const coupon = span('applyCoupon', {
    at: 2,
    ms: 1.2,
    site: 'src/coupon.ts:7:1',
    exitError: error('CouponError', 'expired', { arguments: { code: 'BLACK' } }),
  })
  const charge = span('charge', {
    at: 50,
    ms: 130,
    site: 'src/pay.ts:30:3',
    attributes: { attempt: 1 },
    exitError: error('PaymentError', 'card declined', {
      attributes: { code: 'DECLINED' },
      arguments: { card: { last4: '4242' }, amount: 120 },
      stack: [
        'PaymentError: card declined',
        '    at charge (file:///shop/src/pay.ts:33:11)',
        '    at process.processTicksAndRejections (node:internal/process/task_queues:105:5)',
        '    at async Layer.handle (/shop/node_modules/express/lib/router.js:1:2)',
        '    at async OrderService.checkout (/shop/src/order.ts:15:9)',
      ].join('\n'),
      cause: error('Error', 'socket hang up', {
        attributes: { code: 'ECONNRESET' },
        stack: 'Error: socket hang up\n    at request (/shop/src/net.ts:3:4)',
      }),
    }),
  })
  return span(
    'OrderService.checkout',
    {
      ms: 184,
      site: 'src/order.ts:12:3',
      attributes: { orderId: 7 },
      exitError: crossing(charge),
      handledErrors: [crossing(coupon)],
    },
    said('info', 'picked up', 0.5, { by: 'Ada Lovelace' }),
    coupon,
    span('reserve', { at: 4, ms: 40, site: 'src/stock.ts:8:1' }, said('warning', 'only one left', 43)),
    charge,
    span('sendMail', { at: 181, ms: null, floating: true, site: 'src/mail.ts:3:1' }),
  )
}

describe('a tree for people', () => {
  test('has durations, messages and errors in their place', () => {
    expect(show(order())).toBe(`
  184 ms  ✗ OrderService.checkout  orderId=7                   src/order.ts:12:3
 +500 µs  ├─ INFO picked up  by="Ada Lovelace"
 1.20 ms  ├─ ✗ applyCoupon                                     src/coupon.ts:7:1
          │  └─ CouponError: expired
          │       with code=BLACK
          ├─ handled CouponError from applyCoupon: expired
 40.0 ms  ├─ reserve                                            src/stock.ts:8:1
+43.0 ms  │  └─ WARNING only one left
  130 ms  ├─ ✗ charge ▲ 71 %  attempt=1                          src/pay.ts:30:3
          │  └─ PaymentError: card declined
          │       code=DECLINED
          │       with card={"last4":"4242"} amount=120
          │     caused by Error: socket hang up
          │       code=ECONNRESET
       …  ├─ sendMail still running — missing await?             src/mail.ts:3:1
          └─ ↑ PaymentError from charge
               at charge (src/pay.ts:33:11)
               ⋯ 2 frames of node, express
               at async OrderService.checkout (src/order.ts:15:9)
               caused by Error: socket hang up
                 code=ECONNRESET
                 at request (src/net.ts:3:4)
`)
  })

  test('keeps to 40 columns', () => {
    expect(show(order(), { width: 40 })).toBe(`
  184 ms  ✗ OrderService.checkout
          │    orderId=7
          │    src/order.ts:12:3
 +500 µs  ├─ INFO picked up
          │       by="Ada Lovelace"
 1.20 ms  ├─ ✗ applyCoupon
          │  │    src/coupon.ts:7:1
          │  └─ CouponError: expired
          │       with code=BLACK
          ├─ handled CouponError from a…
 40.0 ms  ├─ reserve    src/stock.ts:8:1
+43.0 ms  │  └─ WARNING only one left
  130 ms  ├─ ✗ charge ▲ 71 %
          │  │    attempt=1
          │  │    src/pay.ts:30:3
          │  └─ PaymentError: card
          │       declined
          │       code=DECLINED
          │       with card={"last4":"42
          │            42"} amount=120
          │     caused by Error: socket
          │       hang up
          │       code=ECONNRESET
       …  ├─ sendMail still running — m…
          │    src/mail.ts:3:1
          └─ ↑ PaymentError from charge
               at charge
                  src/pay.ts:33:11
               ⋯ 2 frames of node, expr…
               at async OrderService.ch…
                  src/order.ts:15:9
               caused by Error: socket
                 hang up
                 code=ECONNRESET
                 at request
                    src/net.ts:3:4
`)
  })

  test.each([40, 57, 80, 120])('never is wider than %i columns, colours and links or not', width => {
    const wide = span(
      'größe › 注文を確認する',
      { attributes: { emoji: '👩‍👩‍👧‍👦🍎🇯🇵', text: '漢字'.repeat(40), long: 'x'.repeat(300) } },
      message(`${'長い'.repeat(60)} ${'word '.repeat(50)}\nsecond line\n${'z'.repeat(200)}`, 0, {
        attributes: { ключ: 'é'.repeat(50) },
      }),
      order(),
      message('failed', 2, { level: 'critical', error: error('TypeError', 'x'.repeat(300)) }),
    )
    for (const colours of [false, true]) {
      const text = renderTerminal(tree(wide), { width, colours, hyperlinks: colours })
      const widths = stripVTControlCharacters(text).split('\n').map(textWidth)
      expect(Math.max(...widths)).toBeLessThanOrEqual(width)
    }
  })

  test('is the same text with colours and without', () => {
    const [plain, coloured] = [false, true].map(colours =>
      renderTerminal(tree(order()), { colours, hyperlinks: colours }),
    )
    expect(coloured).not.toBe(plain)
    expect(stripVTControlCharacters(coloured!)).toBe(plain)
  })

  test('time that a promise took, which a function returned and did not wait for, is not spent by those above', () => {
    const find = span('find', { at: 1, ms: 58, site: 'src/users.ts:9:3' })
    const controller = span('UsersController.find', { at: 1, ms: 0.2 }, find)
    expect(show(span('GET /users', { ms: 60 }, controller))).toMatchInlineSnapshot(`
      "
       60.0 ms  GET /users                                            src/order.ts:1:1
        200 µs  └─ UsersController.find                               src/order.ts:1:1
       58.0 ms     └─ find ▲ 97 %                                     src/users.ts:9:3
      "
    `)
  })

  test('a call that nobody awaited says so, also when many share a line', () => {
    const audit = (at: number): Span => span('audit', { at, ms: 50, floating: true, site: 'src/audit.ts:3:1' })
    expect(show(span('rename', { ms: 5 }, audit(1)))).toContain('└─ audit ended after its caller — missing await?')
    const audits = Array.from({ length: 9 }, (_, i) => audit(i))
    expect(show(span('rename', { ms: 5 }, ...audits), { width: 120 })).toMatch(/audit ×9 .*ended after its caller/)
  })

  test('an error that somebody handled has its traceback where the root failed and nothing else says why', () => {
    const stack = 'RangeError: too long\n    at add (/shop/src/todos.ts:4:9)\n    at post (/shop/src/main.ts:9:3)'
    const add = span('add', { at: 1, ms: 1, exitError: error('RangeError', 'too long', { stack }) })
    const middleware = (...more: Span[]): Span =>
      span('middleware', { ms: 3, handledErrors: [crossing(add)] }, add, ...more)
    const root = span('POST /todos', { ms: 4 }, middleware())
    expect(show({ ...root, status: 'failed' })).toMatchInlineSnapshot(`
      "
       4.00 ms  ✗ POST /todos                                         src/order.ts:1:1
       3.00 ms  └─ middleware                                         src/order.ts:1:1
       1.00 ms     ├─ ✗ add                                           src/order.ts:1:1
                   │  └─ RangeError: too long
                   └─ handled RangeError from add: too long
                        at add (src/todos.ts:4:9)
                        at post (src/main.ts:9:3)
      "
    `)
    expect(show(root)).not.toContain('at add')
  })

  test('groups siblings of one site and shows the slowest', () => {
    const lookups = Array.from({ length: 128 }, (_, i) =>
      span('lookup', { at: i / 10, ms: i === 70 ? 0.09 : 0.002, attributes: { item: i }, site: 'src/stock.ts:21:3' }),
    )
    const bare = Array.from({ length: 5 }, (_, i) => span('parse', { at: 20 + i, ms: 5 }))
    const few = Array.from({ length: 3 }, (_, i) => span('few', { at: 40 + i, ms: 0.5 }))
    expect(show(span('all', { ms: 60 }, ...lookups, ...bare, ...few))).toBe(`
 60.0 ms  all ▲ 82 %                                            src/order.ts:1:1
  344 µs  ├─ lookup ×128  2.00 µs … 90.0 µs                    src/stock.ts:21:3
 90.0 µs  │  └─ lookup slowest of 128  item=70                 src/stock.ts:21:3
 9.00 ms  ├─ parse ×5  5.00 ms … 5.00 ms, total 25.0 ms         src/order.ts:1:1
  500 µs  ├─ few                                                src/order.ts:1:1
  500 µs  ├─ few                                                src/order.ts:1:1
  500 µs  └─ few                                                src/order.ts:1:1
`)
  })

  test('says of a node of many calls what they took, with the siblings before it and what was below', () => {
    const ns = (ms: number): bigint => BigInt(Math.round(ms * 1e6))
    const calls = (count: number, total: number, max: number, failed = 0): NonNullable<Span['calls']> => {
      return { count, failed, total: ns(total), min: ns(0.1), max: ns(max), p50: ns(0.2), p99: ns(max * 0.8) }
    }
    const root = span(
      'import',
      { ms: 90 },
      ...[1, 2, 3, 4].map(at => span('row', { at, ms: 0.2, site: 'src/row.ts:3:1' })),
      span('row', { at: 5, ms: 80, site: 'src/row.ts:3:1', calls: calls(996, 60, 4, 2) }),
      span(
        'flush',
        { at: 86, ms: 2, site: 'src/db.ts:9:1', calls: calls(50, 1.5, 0.5) },
        span('write', { at: 86, ms: 2, site: 'src/db.ts:20:1', calls: calls(100, 1, 0.4) }),
      ),
      span('commit', {
        at: 89,
        ms: 1,
        slow: { p50: ns(0.02), p99: ns(0.05) },
        queueDuration: ns(12),
        site: 'src/db.ts:30:1',
      }),
    )
    expect(show(root)).toMatchInlineSnapshot(`
      "
       90.0 ms  import                                                src/order.ts:1:1
       60.8 ms  ├─ row ×1000 ▲ 68 %  100 µs … 4.00 ms, p99 3.20 ms, 2 more failed
                │    src/row.ts:3:1
       1.50 ms  ├─ flush ×50  100 µs … 500 µs, p99 400 µs                src/db.ts:9:1
       1.00 ms  │  └─ write ×100  100 µs … 400 µs, p99 320 µs           src/db.ts:20:1
       1.00 ms  └─ commit ▲ usually 20.0 µs queued 12.0 ms              src/db.ts:30:1
      "
    `)
  })

  test('of a request says what its name does not', () => {
    const attributes = {
      'http.request.method': 'GET',
      'url.path': '/orders/7',
      'server.address': 'localhost',
      'user_agent.original': 'curl',
      'http.response.status_code': 200,
    }
    expect(show(span('GET /orders/7', { kind: 'server', attributes, site: null, ms: 3 }))).toBe(`
 3.00 ms  GET /orders/7 server  http.response.status_code=200
`)
  })

  test('never puts what failed, spoke or still runs into a group, nor siblings between which something was said', () => {
    const calls = Array.from({ length: 12 }, (_, i) => span('call', { at: i, ms: 0.5, site: null }))
    calls[5] = span('call', { at: 5, ms: 0.5, site: null, exitError: error('Error', 'no') })
    expect(show(span('all', { ms: 12, site: null }, ...calls, message('half', 8.6)))).toBe(`
 12.0 ms  all
 2.50 ms  ├─ call ×5  500 µs … 500 µs
  500 µs  ├─ ✗ call
          │  └─ Error: no
  500 µs  ├─ call
  500 µs  ├─ call
  500 µs  ├─ call
+8.60 ms  ├─ INFO half
  500 µs  ├─ call
  500 µs  ├─ call
  500 µs  └─ call
`)
  })

  test('marks where the time went, by own time', () => {
    const root = span(
      'all',
      { ms: 100, site: null },
      span('outer', { ms: 90, site: null }, span('inner', { at: 5, ms: 50, site: null })),
      span('short', { at: 90, ms: 10, site: null }),
    )
    expect(show(root)).toBe(`
  100 ms  all
 90.0 ms  ├─ outer ▲ 40 %
 50.0 ms  │  └─ inner ▲ 50 %
 10.0 ms  └─ short
`)
  })

  test('does not mark a span that waited for what functions had begun that returned at once', () => {
    const load = span('load', { at: 1, ms: 80, site: null })
    const root = span(
      'all',
      { ms: 100, site: null },
      span('each', { ms: 1, site: null }, load),
      span('save', { at: 85, ms: 10, site: null }),
    )
    expect(show(root)).toBe(`
  100 ms  all
 1.00 ms  ├─ each
 80.0 ms  │  └─ load ▲ 80 %
 10.0 ms  └─ save
`)
  })

  test('shows the traceback of what was logged with logger.exception, and none for handled failures', () => {
    const oops = error('RangeError', 'out of range', { stack: 'RangeError: out of range\n    at f (/app/a.ts:1:2)' })
    const root = span(
      'all',
      { ms: 3, site: null },
      message('RangeError: out of range', 1, { level: 'error', error: oops, attributes: { id: 3 } }),
      message('could not load', 2, { level: 'critical', error: oops }),
    )
    expect(show(root)).toBe(`
 3.00 ms  all
+1.00 ms  ├─ ERROR RangeError: out of range
          │        id=3
          │          at f (/app/a.ts:1:2)
+2.00 ms  └─ CRITICAL could not load
                     RangeError: out of range
                       at f (/app/a.ts:1:2)
`)
  })

  test('lists the errors of an AggregateError and caps long messages', () => {
    const many = Array.from({ length: 10 }, (_, i) => error('Error', `no ${i}`))
    const exitError = error('AggregateError', Array.from({ length: 20 }, (_, i) => `line ${i}`).join('\n'), {
      errors: many,
    })
    const lines = show(span('all', { site: null, exitError })).split('\n')
    expect(lines.slice(2, 4)).toEqual(['          └─ AggregateError: line 0', '               line 1'])
    expect(lines.slice(14, 17)).toEqual([
      '               line 12',
      '               … 7 more lines',
      '             • Error: no 0',
    ])
    expect(lines.slice(-3, -1)).toEqual(['             • Error: no 7', '             • … 2 more'])
  })

  test('writes out what a terminal would obey', () => {
    const evil = '\x1b]0;owned\x07\x1b[2J\r\n\u202egnp\u009b31m'
    const root = span(
      evil,
      {
        attributes: { [evil]: evil },
        site: 'src/\x1b[31m.ts:1:1',
        exitError: error(evil, evil, { stack: `E\n    at ${evil} (/a\x1b[2J.ts:1:2)` }),
      },
      message(evil),
      message('x', 0, { level: 'debug', attributes: { nested: { [evil]: [evil] } } }),
    )
    const text = renderTerminal(tree(root), { width: 100 })
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u)
    expect(text).toContain('\\x1b]0;owned\\x07\\x1b[2J')
    expect(renderTerminal(tree(root), { colours: true, hyperlinks: true })).not.toContain('\x1b[2J')
  })

  test('stays readable when deep, and counts what was left out', () => {
    let deep = span('bottom', { site: null, dropped: 3 })
    for (let i = 14; i > 0; i--) deep = span(`level ${i}`, { site: null }, deep, span('sibling', { site: null }))
    const lines = show(deep, { width: 60 }).split('\n')
    expect(`\n${lines.slice(9, 24).join('\n')}\n`).toBe(`
 1.00 ms  │  │  │  │  │  │  │  ├─ level 9
 1.00 ms  │  │  │  │  │  │  │  │  ├─ level 10
 1.00 ms  ⋯  │  ├─ level 11
 1.00 ms  ⋯  │  │  ├─ level 12
 1.00 ms  ⋯  │  │  │  ├─ level 13
 1.00 ms  ⋯  │  │  │  │  ├─ level 14
 1.00 ms  ⋯  │  │  │  │  │  ├─ bottom
          ⋯  │  │  │  │  │  │  └─ ⋯ 3 short calls left out
 1.00 ms  ⋯  │  │  │  │  │  └─ sibling
 1.00 ms  ⋯  │  │  │  │  └─ sibling
 1.00 ms  ⋯  │  │  │  └─ sibling
 1.00 ms  ⋯  │  │  └─ sibling
 1.00 ms  ⋯  │  └─ sibling
 1.00 ms  │  │  │  │  │  │  │  │  └─ sibling
 1.00 ms  │  │  │  │  │  │  │  └─ sibling
`)
  })

  test('20,000 spans take less than a second, wide or deep', () => {
    const wide = span(
      'wide',
      { ms: 50 },
      ...Array.from({ length: 20_000 }, (_, i) =>
        span(`call ${i % 7}`, { at: i / 1000 }, ...(i % 3 ? [] : [message('hello', i / 1000)])),
      ),
    )
    let deep = span('bottom')
    for (let i = 0; i < 20_000; i++) deep = span(`level ${i}`, { attributes: { i } }, deep)
    const same = span(
      'same',
      { ms: 50 },
      ...Array.from({ length: 20_000 }, (_, i) => span('call', { at: i / 1000 })),
      ...Array.from({ length: 2000 }, (_, i) => message('m', i / 100)),
    )
    for (const root of [wide, deep, same]) {
      const render = (): string => renderTerminal(tree(root), { colours: true, hyperlinks: true })
      expect(processorTime(render)).toBeLessThan(1000)
    }
  })
})

describe('the terminal exporter', () => {
  test.each([
    ['a terminal', true, {}, true],
    ['a pipe', false, {}, false],
    ['NO_COLOR', true, { NO_COLOR: '1' }, false],
    ['NO_COLOR against FORCE_COLOR', false, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
    ['FORCE_COLOR', false, { FORCE_COLOR: '1' }, true],
    ['FORCE_COLOR=0', true, { FORCE_COLOR: '0' }, false],
    ['TERM=dumb', true, { TERM: 'dumb' }, false],
  ])('colours on %s', (_, isTTY, env, coloured) => {
    const stream = new FakeStream({ isTTY })
    new TerminalExporter({ stream, env }).export(tree(order()))
    expect(stream.text.includes('\x1b[')).toBe(coloured)
  })

  test('links places that exist where the terminal opens links', () => {
    const root = span('here', { site: 'test/support/trees.ts:3:4', module: import.meta.url })
    const printed = (env: Record<string, string>): string => {
      const stream = new FakeStream({ isTTY: true })
      new TerminalExporter({ stream, env, cwd: process.cwd() }).export(tree(root))
      return stream.text
    }
    const link = `\x1b]8;;${new URL('../support/trees.ts', import.meta.url).href}#3:4\x1b\\`
    expect(printed({ TERM: 'xterm-kitty' })).toContain(link)
    expect(printed({ TERM: 'xterm-kitty' })).toContain('test/support/trees.ts:3:4')
    expect(printed({ TERM_PROGRAM: 'vscode' })).not.toContain(link)
    expect(printed({ TERM: 'xterm-kitty', NO_COLOR: '1' })).not.toContain('\x1b')
  })

  test('writes a tree at once, with a blank line behind when it has more than one line', () => {
    const stream = new FakeStream()
    const exporter = new TerminalExporter({ stream, env: {} })
    exporter.export(tree(span('one', { site: null })))
    exporter.export(tree(span('two', { site: null }, span('child', { site: null }))))
    expect(stream.writes).toEqual([' 1.00 ms  one\n', ' 1.00 ms  two\n 1.00 ms  └─ child\n\n'])
  })

  test('says where a late addition belongs', () => {
    const stream = new FakeStream()
    const exporter = new TerminalExporter({ stream, env: {} })
    const floating = span('mail', { ms: null, floating: true, site: null })
    const charge = span('charge', { site: null }, floating)
    const first = tree(span('checkout', { site: null }, charge))
    exporter.export(first)
    exporter.export({ ...first, late: true, root: { ...span('mail', { ms: 40, site: null }), parentId: charge.id } })
    exporter.export({ traceId: '2ABCDEFGHIJKLMNOPQRSTUVWXYZ', late: true, root: span('stray', { site: null }) })
    expect(`\n${stream.text}`).toBe(`
 1.00 ms  checkout
 1.00 ms  └─ charge
       …     └─ mail still running — missing await?

       ⋯  late, in charge of checkout
 40.0 ms  mail

       ⋯  late, in trace 2ABCDEFGHIJKLMNOPQRSTUVWXYZ
 1.00 ms  stray

`)
  })

  test('leaves the program its own colour setting', async () => {
    const { $ } = await import('kleur/colors')
    for (const enabled of [true, false]) {
      $.enabled = enabled
      renderTerminal(tree(order()), { colours: !enabled })
      expect($.enabled).toBe(enabled)
    }
  })
})
