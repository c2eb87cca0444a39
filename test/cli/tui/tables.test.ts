import { beforeAll, describe, expect, test, vi } from 'vitest'
import { span, tree } from '../../support/trees.ts'
import { drive } from './driver.ts'
import { NOW, record, shopDatabase, TRACES, withParents } from './shop.ts'

beforeAll(() => {
  process.env['TZ'] = 'UTC'
  vi.useFakeTimers({ toFake: ['Date'], now: NOW })
})

const REPORT = 'report  ✓ OK  1  15:00:20'
const FAILED = 'checkout  ✗ FAIL  1  15:00:10'
const TEA = 'checkout  ✓ OK  1  15:00:00'

describe('dashboard', () => {
  test('keys choose statuses and speeds, and again all', async () => {
    const tui = await drive(await shopDatabase('default'))
    expect(tui.rows()).toEqual([REPORT, FAILED, TEA])
    expect((await tui.press('e')).rows()).toEqual([FAILED])
    expect((await tui.press('o')).rows()).toEqual([REPORT, FAILED, TEA])
    expect((await tui.press('e')).rows()).toEqual([REPORT, TEA])
    expect((await tui.press('o', 'c')).rows()).toContainEqual('Nothing is left by what was chosen.')
    expect((await tui.press('a')).rows()).toEqual([REPORT, FAILED, TEA])
    expect((await tui.press('S')).rows()).toContainEqual('Nothing is left by what was chosen.')
    expect((await tui.press('F')).rows()).toEqual([REPORT, FAILED, TEA])
  })

  test('the query line filters as it is written: tags and words; Escape brings back what was', async () => {
    const tui = await drive(await shopDatabase('default'))
    await (await tui.press('/')).type('chec')
    expect(tui.foot()).toBe('/chec')
    expect(tui.rows()).toEqual([FAILED, TEA])
    await tui.press('escape')
    expect(tui.rows()).toEqual([REPORT, FAILED, TEA])
    await (await tui.press('/')).type('app=shop version=1.0.0')
    expect(tui.rows()).toEqual([TEA])
    await tui.press('enter')
    expect(tui.screen()).toContain('/app=shop version=1.0.0')
    await tui.press('escape')
    expect(tui.rows()).toEqual([REPORT, FAILED, TEA])
  })

  test('s sorts, t and :since choose a time', async () => {
    const tui = await drive(await shopDatabase('default'))
    await tui.press('s', 's')
    expect(tui.rows()).toEqual([FAILED, TEA, REPORT])
    await tui.press('t')
    expect(tui.rows()).toContainEqual('Nothing is left by what was chosen.')
    await (await tui.press(':')).type('since 2h')
    await tui.press('enter')
    expect(tui.rows()).toHaveLength(3)
    expect(tui.screen()).toContain('[t last 2h]')
  })

  test('is live: what is recorded meanwhile appears, unless one stands still', async () => {
    const file = await shopDatabase('default')
    const tui = await drive(file)
    await record(file, 'default', ['shop', '1.0.0', tree(span('refund', { at: 30_000 }))])
    expect((await tui.look()).rows()).toEqual(['refund  ✓ OK  1  15:00:30', REPORT, FAILED, TEA])
    await tui.press('f')
    await record(file, 'default', ['shop', '1.0.0', tree(span('invoice', { at: 40_000 }))])
    expect((await tui.look()).rows()).toHaveLength(4)
    expect((await tui.press('f', 'r')).rows()).toHaveLength(5)
  })

  test('the row that is chosen stays chosen when others come', async () => {
    const file = await shopDatabase('default')
    const tui = await (await drive(file)).press('j', 'j')
    expect(tui.chosen()).toBe(TEA)
    await record(file, 'default', ['shop', '1.0.0', tree(span('refund', { at: 30_000 }))])
    expect((await tui.look()).chosen()).toBe(TEA)
  })
})

describe('traces', () => {
  test('words are looked for in them', async () => {
    const tui = await drive(await shopDatabase('default'))
    await (await tui.press(':')).type('search declined')
    await tui.press('enter')
    expect(tui.rows()).toEqual(['15:00:10  ✗ FAIL  20.0 ms  8  1  checkout  app=shop ve…'])
    await (await tui.press(':')).type('all')
    await tui.press('enter')
    expect(tui.rows()).toHaveLength(3)
  })

  test('y copies the id, Escape goes back', async () => {
    const tui = await drive(await shopDatabase('default'))
    await tui.press('j', 'enter', 'y')
    expect(tui.copied).toEqual([TRACES.cake])
    expect(tui.foot()).toBe(`Copied ${TRACES.cake}`)
    expect((await tui.press('escape')).chosen()).toBe(FAILED)
  })

  test('more are asked for at the end of a long list', async () => {
    const file = await shopDatabase('default')
    const many = Array.from({ length: 450 }, (_, i) => tree(span('tick', { at: 60_000 + i })))
    await record(file, 'default', ...many.map(each => ['shop', '1.0.0', each] as const))
    const tui = await (await drive(file)).press('enter', 'G')
    expect(tui.screen()).toContain('200/400')
    await tui.press('G')
    expect((await tui.press('G')).screen()).toContain('450/450')
  })
})

describe('what is slow', () => {
  test('below the list it says why: a function that became slower by what it calls, and the one that is to blame', async () => {
    const file = await shopDatabase('default')
    for (const [version, ms] of [
      ['1.0.0', 10],
      ['1.1.0', 40],
    ] as const) {
      const query = span('query', { ms, site: 'src/query.ts:3:1' })
      const traces = Array.from({ length: 120 }, () => tree(withParents(span('stock', { ms: ms + 1 }, query))))
      await record(file, 'default', ...traces.map(each => ['stock', version, each] as const))
    }
    const tui = await (await drive(file)).press('3')
    expect(tui.chosen()).toMatch(/^query {2}1\.1\.0/)
    expect(tui.screen()).toContain(' slower   a usual call (p50) took 9.91 ms, and takes 39.6 ms in 1.1.0')
    expect(tui.screen()).toContain(' because  of own code +30.0 ms')
    expect((await tui.press('j')).screen()).toContain(' because  of query +30.0 ms')
  })
})

describe('on 40 columns', () => {
  test.each([
    ['traces', [], ['report  ✓ OK  1', 'checkout  ✗ FAIL  1', 'checkout  ✓ OK  1']],
    ['traces of a name', ['j', 'enter'], ['15:00:10  ✗ FAIL  20.0 ms']],
    ['errors', ['2'], ['1  new  Declined: card 4242 …']],
    ['what is slow', ['3'], ['report  1.49 s  1.50 s']],
  ] as const)('what %s are called is seen before numbers', async (_, keys, rows) => {
    const tui = await drive(await shopDatabase('default'), { columns: 40, rows: 12 })
    expect((await tui.press(...keys)).rows()).toEqual(expect.arrayContaining([...rows]))
  })
})

describe('namespaces', () => {
  test('are to be chosen where there are several, and the choice is remembered', async () => {
    const file = await shopDatabase('shop', 'staging')
    const tui = await drive(file, { namespace: '' })
    expect(tui.rows()).toEqual(['shop  3  15:00:20  reports, shop', 'staging  3  15:00:20  reports, shop'])
    await tui.press('j', 'enter')
    expect(tui.screen()).toMatch(/^ staging {2}\[1 Traces\]/)
    expect(await tui.lastNamespace()).toBe('staging')
  })

  test('the only one is opened', async () => {
    const tui = await drive(await shopDatabase('shop'), { namespace: '' })
    expect(tui.screen()).toMatch(/^ shop {2}\[1 Traces\]/)
  })

  test('one that is not there is not made by looking at it', async () => {
    const tui = await drive(await shopDatabase('shop'), { namespace: '' })
    await (await tui.press(':')).type('ns nosuch')
    await tui.press('enter')
    expect(tui.rows()).toContainEqual('There are no traces in nosuch yet.')
    expect((await tui.press('0')).rows()).toEqual(['shop  3  15:00:20  reports, shop'])
  })
})

describe('commands', () => {
  test.each([
    ['errors', /\[2 Errors\]/],
    ['slow', /\[3 Slow\]/],
    ['ns', /namespaces of/],
    [`trace ${TRACES.tea.slice(0, 9)}`, /✓ OK {2}12\.0 ms/],
    ['help', /Everywhere/],
    ['status crash', /\[c crash\]/],
    ['sort count', /s count/],
    ['nosuch', /There is no command nosuch/],
    ['since yesterday', /Write a time like/],
    ['trace 3M', /several traces begin with 3M/],
    ['trace zzz', /there is no trace zzz/],
  ])(':%s', async (command, expected) => {
    const tui = await drive(await shopDatabase('default'))
    await (await tui.press(':')).type(command)
    await tui.press('enter')
    expect(tui.screen()).toMatch(expected)
  })

  test('Tab completes what can be only one', async () => {
    const tui = await drive(await shopDatabase('default'))
    await (await (await tui.press(':')).type('s')).press('tab')
    expect(tui.foot()).toBe(':s')
    await (await tui.type('in')).press('tab')
    expect(tui.foot()).toBe(':since')
    await tui.type('1h')
    expect((await tui.press('enter')).screen()).toContain('[t last 1h]')
  })

  test('q, :q and Ctrl-C leave', async () => {
    const file = await shopDatabase('default')
    expect((await (await drive(file)).press('q')).isOver).toBe(true)
    expect((await (await drive(file)).press('ctrl-c')).isOver).toBe(true)
    expect((await (await drive(file)).press(':', 'q', 'enter')).isOver).toBe(true)
  })
})
