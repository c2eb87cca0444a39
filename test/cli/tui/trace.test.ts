import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import type { Span } from '../../../model/index.ts'
import { message, span, tree } from '../../support/trees.ts'
import { type Driver, drive, type Options } from './driver.ts'
import { NOW, record, shopDatabase, TRACES } from './shop.ts'

beforeAll(() => {
  process.env['TZ'] = 'UTC'
  vi.useFakeTimers({ toFake: ['Date'], now: NOW })
})

async function onTrace(options: Options = {}): Promise<Driver> {
  return (await drive(await shopDatabase('default'), options)).press('j', 'enter', 'enter')
}

/** Rows of the tree, without times and bars. */
function names(tui: Driver): string[] {
  const lines = tui.screen().split('\n').slice(2)
  const end = lines.findIndex(line => line.startsWith(' ──') || line.startsWith(' Enter'))
  const shown = lines.slice(0, end).filter(Boolean)
  return shown.map(line => line.slice(11, 58).trimEnd())
}

describe('folding', () => {
  test('a span is folded by h, unfolded by l, both by Space; h on what is folded goes to the parent', async () => {
    const tui = await onTrace()
    await tui.press('j', 'j')
    expect(tui.chosen()).toContain('basket')
    await tui.press('h')
    expect(names(tui)).toContain('├▸ basket')
    expect(names(tui)).not.toContainEqual(expect.stringContaining('lookup'))
    await tui.press('h')
    expect(tui.chosen()).toContain('✗ checkout')
    await tui.press('j', 'j', 'l')
    expect(names(tui)).toContain('│ └▸ lookup ×5  1.00 ms … 1.00 ms')
    await tui.press('l', ' ')
    expect(names(tui).filter(name => name.includes('lookup'))).toHaveLength(6)
  })

  test('z folds all, unfolds all, and folds groups again', async () => {
    const tui = await onTrace()
    const before = names(tui)
    await tui.press('z')
    expect(names(tui)).toEqual(expect.arrayContaining(['├▸ basket', '├▸ ✗ charge']))
    await tui.press('z')
    expect(names(tui)).toContain('│ └▾ lookup ×5  1.00 ms … 1.00 ms')
    expect(names(await tui.press('z'))).toEqual(before)
  })
})

describe('levels', () => {
  test('what is of a level that is off is hidden; what leads to a shown one is not', async () => {
    const tui = await onTrace()
    await tui.press('D')
    expect(names(tui).join('\n')).not.toContain('cache is cold')
    await tui.press('I', 'W')
    expect(names(tui)).toEqual([
      '▾ ✗ checkout  customer=Ada items=["cake"]',
      '├▾ ✗ charge',
      '│ └─ Declined: card 4242 declined',
      '└─ ↑ Declined from charge',
    ])
    await tui.press('a')
    expect(names(tui)).toHaveLength(9)
  })
})

describe('ways through the tree', () => {
  test('to the parent, to siblings, to errors, to what is searched for', async () => {
    const tui = await onTrace()
    await tui.press('n')
    expect(tui.chosen()).toContain('Declined: card 4242 declined')
    expect((await tui.press('p')).chosen()).toContain('✗ charge')
    expect((await tui.press('K')).chosen()).toContain('WARNING only one left')
    expect((await tui.press('J')).chosen()).toContain('✗ charge')
    await (await tui.press('/')).type('lookup')
    expect(tui.chosen()).toContain('lookup ×5')
    await tui.press('enter', 'n')
    expect(tui.chosen()).toContain('lookup  ')
    expect((await tui.press('g', 'N')).chosen()).toContain('lookup')
  })

  test('a link leads to the other trace, at its span, and Escape back', async () => {
    const tui = await onTrace()
    await tui.press('j', 'enter')
    expect(tui.screen()).toContain('✓ OK  12.0 ms')
    await tui.press('escape')
    expect(tui.chosen()).toContain('⇢ 3MTTjFEKX2rNbXV9yOaI4c7F0pU')
  })

  test('a reference leads to who received the message', async () => {
    const file = await shopDatabase('default')
    const sender = tree(span('send', { at: 50_000, references: [{ id: 'ref-1', role: 'source' }] }))
    const receiver = tree(span('receive', { at: 51_000, references: [{ id: 'ref-1', role: 'destination' }] }))
    await record(file, 'default', ['shop', '1.0.0', sender], ['reports', '2.0.0', receiver])
    const tui = await (await drive(file)).press('j', 'enter', 'enter', 'j')
    expect(tui.chosen()).toBe('└─ ⇢ sent with reference ref-1')
    await tui.press('enter')
    expect(tui.chosen()).toMatch(/▾ receive/)
  })

  test('a parent that was not recorded here is told of', async () => {
    const file = await shopDatabase('default')
    const served = tree(span('GET /', { at: 50_000, kind: 'server', parentId: '00000000000000ff' }), { remote: true })
    await record(file, 'default', ['shop', '1.0.0', served])
    const tui = await (await drive(file)).press('enter', 'enter')
    expect(names(tui)[1]).toBe('└─ ↑ called from elsewhere: span 00000000000000')
  })
})

describe('sources', () => {
  function project(): string {
    const folder = join(dirname(expect.getState().testPath ?? ''), '../../../node_modules/.cache/span-tree-tui-sources')
    mkdirSync(join(folder, 'src'), { recursive: true })
    const lines = Array.from({ length: 20 }, (_, i) =>
      i === 4 ? 'export function charge(total: number) {' : `// ${i + 1}`,
    )
    writeFileSync(join(folder, 'src/charge.ts'), lines.join('\n'))
    return folder
  }

  test('the lines around the place are shown, and e opens it in the editor', async () => {
    const cwd = project()
    const tui = await onTrace({ cwd })
    await tui.press('n', 'p')
    expect(tui.screen()).toContain('── src/charge.ts:5:3 ──')
    expect(tui.screen()).toContain(' ›  5 │ export function charge(total: number) {')
    await tui.press('e')
    expect(tui.edited).toEqual([`${join(cwd, 'src/charge.ts')}:5:3`])
  })

  test('what is not on this machine is not shown', async () => {
    const tui = await onTrace()
    await tui.press('n', 'p', 'e')
    expect(tui.edited).toEqual(['nowhere'])
  })
})

test('y and Y copy the id and the place', async () => {
  const tui = await (await onTrace()).press('y', 'Y')
  expect(tui.copied).toEqual([TRACES.cake, 'src/checkout.ts:1:1'])
})

test('all about an error fits any width', async () => {
  const tui = await (await onTrace()).press('n', 'enter')
  for (const columns of [40, 60, 200]) {
    tui.resize(columns, 24)
    await tui.rest()
    expect(tui.screen()).toContain('Declined: card 4242 declined')
  }
})

test('a trace that runs is read again as it grows', async () => {
  const file = await shopDatabase('default')
  const root = span('import', { at: 60_000, ms: null })
  const running = tree(root)
  await record(file, 'default', ['shop', '1.0.0', running])
  const tui = await (await drive(file)).press('enter', 'enter')
  expect(tui.screen()).toContain('▸ running')
  const child = span('row', { at: 60_001, parentId: root.id })
  const { ms: _, ...rest } = { ms: 0 }
  const ended: Span = { ...root, ...rest, endTime: root.startTime + 5_000_000n, status: 'succeeded', children: [child] }
  await record(file, 'default', ['shop', '1.0.0', { ...running, root: ended }])
  await tui.look()
  expect(tui.screen()).toContain('✓ OK')
  expect(names(tui)).toEqual(['▾ import', '└─ row'])
})

describe('what a program recorded', () => {
  test('cannot move the cursor, nor break a line', async () => {
    const file = await shopDatabase('default')
    const hostile = '\u001b[2J\u001b]0;owned\u0007\nx\r\t\u202ey'
    const bad = span(`bad ${hostile}`, { at: 70_000, attributes: { [hostile]: hostile } }, message(hostile, 70_000))
    await record(file, 'default', [hostile, '1', tree(bad)])
    const tui = await drive(file)
    const screens = [tui.screen(), (await tui.press('enter')).screen(), (await tui.press('enter')).screen()]
    screens.push((await tui.press('j')).screen(), (await tui.press('enter')).screen())
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there
    for (const screen of screens) expect(screen).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
  })
})

test('20,000 spans: only what is on the screen is laid out', async () => {
  const file = await shopDatabase('default')
  const children = Array.from({ length: 20_000 }, (_, i) => span(`step ${i % 7}`, { at: 80_000 + i / 100, ms: 0.01 }))
  const root = span('batch', { at: 80_000, ms: 250 })
  const big = { ...root, children: children.map(each => ({ ...each, parentId: root.id })) }
  await record(file, 'default', ['shop', '1.0.0', tree(big)])
  const tui = await (await drive(file)).press('enter', 'enter')
  expect(tui.screen()).toContain('1/20,001')
  expect((await tui.press('G')).chosen()).toContain('step 0')
  await tui.press('z', 'g')
  expect(names(tui)).toEqual(expect.arrayContaining(['▾ batch']))
})
