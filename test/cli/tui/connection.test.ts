import { rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ADMIN } from '../../../receiver/access.ts'
import { createProject } from '../../adapters/project.ts'
import { newFile, Running } from '../../receiver/running.ts'
import { span, tree } from '../../support/trees.ts'
import { type Answer, recordedProject } from '../store/recorded-project.ts'
import { type Driver, drive, driveOn } from './driver.ts'
import { record, recordShop, shopDatabase } from './shop.ts'

/** What is said in place of rows. */
function said(tui: Driver): string {
  return tui.rows().join('\n')
}

describe('a file', () => {
  test('that is not there: what to do, and it appears when it is', async () => {
    const file = await shopDatabase('default')
    const other = join(dirname(file), 'other.db')
    const tui = await drive(other, { namespace: '' })
    expect(said(tui)).toMatch(/✗ .*other\.db is not there\nRecord a program[\s\S]*span-tree serve/)
    await record(other, 'shop', ['shop', '1.0.0', tree(span('checkout'))])
    await tui.look()
    expect(tui.screen()).toMatch(/^ shop {2}\[1 Traces\]/)
    expect(tui.chosen()).toContain('checkout')
  })

  test('of something else', async () => {
    const file = await shopDatabase('default')
    rmSync(file)
    writeFileSync(file, 'this is no database, whatever its name says '.repeat(50))
    const tui = await drive(file, { namespace: '' })
    expect(said(tui)).toMatch(/is not a database/)
    expect(said(tui)).toMatch(/span-tree --db \.\/traces\.db {2}looks at another file/)
  })

  test('without anything in it', async () => {
    const tui = await drive(await shopDatabase('default'), { namespace: 'nosuch' })
    expect(said(tui)).toMatch(/There are no traces in nosuch yet\.\nRecord a program/)
    expect(said(await tui.press('2'))).toMatch(/No open errors/)
    expect(said(await tui.press('a'))).toMatch(/No error has ever been recorded here/)
    expect(said(await tui.press('3'))).toMatch(/Nothing is known of how long calls take here/)
  })
})

describe('a receiver', () => {
  let receiver: Running
  let key: string
  beforeAll(async () => {
    receiver = await Running.start({}, { file: await recorded() })
    key = (await receiver.key('shop')).key
  })
  afterAll(() => receiver.close())

  test('answers like a file, and takes marks', async () => {
    const tui = await driveOn({ kind: 'url', url: receiver.url, key }, { namespace: 'shop' })
    expect(tui.rows()).toHaveLength(3)
    await tui.press('2', 'W')
    expect(tui.chosen()).toContain('WARN')
    await tui.press('enter')
    expect(tui.screen()).toContain('▾ ✗ checkout')
  })

  test('whose only namespace for the key is opened', async () => {
    const tui = await driveOn({ kind: 'url', url: receiver.url, key }, { namespace: '' })
    expect(tui.screen()).toMatch(/^ shop {2}\[1 Traces\]/)
  })

  test('that has several remembers which of them this user looked at, for commands, too', async () => {
    const file = await recorded()
    await recordShop(file, 'staging')
    const other = await Running.start({}, { file })
    const origin = { kind: 'url', url: other.url, key: (await other.key(ADMIN)).key } as const
    const tui = await driveOn(origin, { namespace: '' })
    expect(tui.rows()).toEqual([expect.stringMatching(/^shop/), expect.stringMatching(/^staging/)])
    const { ask } = recordedProject()
    const traces = (): Promise<Answer> => ask('traces', '--url', origin.url, '--key', origin.key)
    expect(await traces()).toMatchObject({ code: 2, stderr: expect.stringContaining('several namespaces') })
    await tui.press('j', 'enter')
    expect(await tui.lastNamespace()).toBe('staging')
    expect(await (await driveOn({ kind: 'url', url: receiver.url, key }, { namespace: '' })).lastNamespace()).toBe(
      'shop',
    )
    expect(await traces()).toMatchObject({ code: 0, stderr: '' })
    expect(await ask('import', 'lines.jsonl', '--url', origin.url, '--key', origin.key)).toMatchObject({ code: 2 })
    await other.close()
  })

  test.each([
    ['with a key that is none', 'st_nosuch'],
    ['without a key', undefined],
  ])('%s', async (_, wrong) => {
    const origin = { kind: 'url', url: receiver.url, ...(wrong && { key: wrong }) } as const
    const tui = await driveOn(origin, { namespace: '' })
    expect(said(tui)).toMatch(/✗ .*API key.*\n?.*SPAN_TREE_API_KEY/)
    expect(said(tui)).toMatch(/span-tree keys create/)
  })

  test('that does not answer', async () => {
    const tui = await driveOn({ kind: 'url', url: 'http://127.0.0.1:1' }, { namespace: '' })
    expect(said(tui)).toMatch(/✗ no answer from http:\/\/127\.0\.0\.1:1[\s\S]*span-tree serve {2,}starts one/)
  })

  test('that goes away leaves what was there on the screen', async () => {
    const other = await Running.start({}, { file: await recorded('default') })
    const tui = await driveOn({ kind: 'url', url: other.url })
    expect(tui.rows()).toHaveLength(3)
    await other.close()
    await tui.press('r')
    expect(tui.screen()).toContain('✗ no answer')
    expect(tui.rows()).toHaveLength(3)
  })

  async function recorded(namespace = 'shop'): Promise<string> {
    const file = newFile()
    await recordShop(file, namespace)
    return file
  }
})

describe('without a terminal', () => {
  test('ui says that it needs one', async () => {
    const { code, stderr } = await createProject({}).cli(['ui'])
    expect(code).toBe(2)
    expect(stderr).toBe('error: the terminal UI needs a terminal; span-tree traces lists what there is\n')
  })

  test('the options alone mean ui, too', async () => {
    const { code, stderr } = await createProject({}).cli(['--db', 'x.db'])
    expect(code).toBe(2)
    expect(stderr).toContain('needs a terminal')
  })
})
