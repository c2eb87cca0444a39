import { beforeAll, expect, test, vi } from 'vitest'
import { type Driver, drive } from './driver.ts'
import { NOW, shopDatabase } from './shop.ts'

beforeAll(() => {
  process.env['TZ'] = 'UTC'
  vi.useFakeTimers({ toFake: ['Date'], now: NOW })
})

async function onErrors(): Promise<Driver> {
  return (await drive(await shopDatabase('default'))).press('2')
}

async function answer(tui: Driver, key: string, text: string): Promise<Driver> {
  await (await tui.press(key)).type(text)
  return tui.press('enter')
}

test('severity, crash and silence are set, taken away by the same key, and undone', async () => {
  const tui = await onErrors()
  expect((await tui.press('W')).chosen()).toBe('1  new  WARN  1  15:00:10  Declined: card 4242 declined')
  expect(tui.foot()).toBe('Marked, for what arrives from now on (u undoes)')
  expect((await tui.press('A', 'c')).chosen()).toContain('ALERT !')
  expect((await tui.press('A')).chosen()).toContain('new  !')
  expect((await tui.press('u')).chosen()).toContain('ALERT !')
  expect((await tui.press('u', 'u')).chosen()).toContain('new  WARN  1')
  expect((await tui.press('u')).chosen()).toContain('new  1  15:00:10')
  expect((await tui.press('x')).screen()).toContain('state    new   silenced')
})

test('a note is written, changed and taken away', async () => {
  const tui = await answer(await onErrors(), 'n', 'the bank is slow')
  expect(tui.screen()).toContain('note     the bank is slow')
  await tui.press('n')
  expect(tui.foot()).toBe('note: the bank is slow')
  await (await tui.press('ctrl-u')).press('enter')
  expect(tui.screen()).not.toContain('the bank is slow')
})

test('resolved, archived and open again', async () => {
  const tui = await answer(await onErrors(), 'd', '1.2.0')
  expect(tui.screen()).toContain('state    resolved, in version 1.2.0')
  expect((await tui.press('o')).screen()).toMatch(/state {4}new\n/)
  expect((await answer(tui, 'z', '100')).screen()).toContain('state    archived, until 100 more')
  expect((await tui.press('r')).rows()).toContain('No open errors.')
  expect((await tui.press('a')).chosen()).toContain('archived')
  expect((await answer(tui, 'z', 'sometime')).foot()).toContain('--archive takes forever')
  expect((await tui.press('u')).chosen()).toContain('new')
})

test('t leads from an error in a trace to its group', async () => {
  const tui = await (await onErrors()).press('enter', 'n', 't')
  expect(tui.chosen()).toContain('Declined: card 4242 declined')
  expect((await tui.press('W')).chosen()).toContain('WARN')
  expect((await tui.press('escape', 'escape')).screen()).toContain('▾ ✗ checkout')
})

test('Enter opens the last trace of a group', async () => {
  const tui = await (await onErrors()).press('enter')
  expect(tui.screen()).toContain('✗ FAIL  20.0 ms')
})
