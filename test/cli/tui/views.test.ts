import { beforeAll, describe, expect, test, vi } from 'vitest'
import { drive } from './driver.ts'
import { NOW, shopDatabase } from './shop.ts'

beforeAll(() => {
  process.env['TZ'] = 'UTC'
  vi.useFakeTimers({ toFake: ['Date'], now: NOW })
})

describe('screens of 80 × 24', () => {
  test('dashboard, traces, trace', async () => {
    const tui = await drive(await shopDatabase('default'))
    expect(tui.screen()).toMatchInlineSnapshot(`
      " default  [1 Traces]  2 Errors   3 Slow                             ● live  1/3
       [a all] e error  c crash  o ok  R run │ S slow  F fast │ t any time  s last
       Name                                        Status           Count  Last time
      ›report                                      ✓ OK                 1  15:00:20
       checkout                                    ✗ FAIL               1  15:00:10
       checkout                                    ✓ OK                 1  15:00:00

















       Enter traces  / filter  t time  s sort  f follow  Tab errors     ? keys  q quit"
    `)
    await tui.press('j', 'enter')
    expect(tui.screen()).toMatchInlineSnapshot(`
      " default › Traces › checkout                                        ● live  1/1
        a all [e error] c crash  o ok  R run │ S slow  F fast │ t any time  s began
       Began        Status           Took    Spans  Errors  Tags
      ›15:00:10     ✗ FAIL        20.0 ms        8       1  app=shop version=1.1.0



















       Enter open  / search  t time  s sort  y copy id  Esc back        ? keys  q quit"
    `)
    await tui.press('enter')
    expect(tui.screen()).toMatchInlineSnapshot(`
      " default › Traces › checkout › 3MTTjGrPwv…                          ● live  1/9
        ✗ FAIL  20.0 ms  8 spans  15:00:10  a… [Debug][Info][Warning][Error][Critical]
      › 20.0 ms  ▾ ✗ checkout  customer=Ada items=["cake"]         ━━━━━━━━━━━━━━━━━━━
                 ├─ ⇢ 3MTTjFEKX2rNbXV9yOaI4c7F0pU  linked span 0…
        7.00 ms  ├▾ basket                                         ━━━━━━━
        5.00 ms  │ └▸ lookup ×5  1.00 ms … 1.00 ms                 ╺━━━━━
       +1.00 ms  ├─ DEBUG cache is cold                            •
       +7.00 ms  ├─ WARNING only one left  item=cake                     •
        8.00 ms  ├▾ ✗ charge                                              ╺━━━━━━━╸
                 │ └─ Declined: card 4242 declined                                ✗
                 └─ ↑ Declined from charge                                           ✗


       ── src/checkout.ts:1:1 ───────────────────────────────────────────────────────
       checkout  took 20.0 ms, own 5.00 ms, began +0.00 µs
       customer=Ada items=["cake"]







       Enter all of it  Space fold  n next error  / search  e edit      ? keys  q quit"
    `)
    await tui.press('n')
    expect(tui.screen()).toMatchInlineSnapshot(`
      " default › Traces › checkout › 3MTTjGrPwv…                          ● live  8/9
        ✗ FAIL  20.0 ms  8 spans  15:00:10  a… [Debug][Info][Warning][Error][Critical]
        20.0 ms  ▾ ✗ checkout  customer=Ada items=["cake"]         ━━━━━━━━━━━━━━━━━━━
                 ├─ ⇢ 3MTTjFEKX2rNbXV9yOaI4c7F0pU  linked span 0…
        7.00 ms  ├▾ basket                                         ━━━━━━━
        5.00 ms  │ └▸ lookup ×5  1.00 ms … 1.00 ms                 ╺━━━━━
       +1.00 ms  ├─ DEBUG cache is cold                            •
       +7.00 ms  ├─ WARNING only one left  item=cake                     •
        8.00 ms  ├▾ ✗ charge                                              ╺━━━━━━━╸
      ›          │ └─ Declined: card 4242 declined                                ✗
                 └─ ↑ Declined from charge                                           ✗


       ── src/charge.ts:5:3 ─────────────────────────────────────────────────────────
       Declined: card 4242 declined
         with total=9 card="[redacted]"
         at charge (/nowhere/shop/src/charge.ts:7:9)






       Enter all of it  Space fold  n next error  / search  e edit      ? keys  q quit"
    `)
    await tui.press('enter')
    expect(tui.screen()).toMatchInlineSnapshot(`
      " default › Traces › checkout › 3MTTjGrPwv… › charge                      ● live

       Call
         ✗ charge
         place        src/charge.ts:5:3
         began        2026-11-22 15:00:10.008000  +8.00 ms
         took         8.00 ms, of that its own 8.00 ms
         span         0000000000000008, below 000000000000000a

       Error
         Declined: card 4242 declined
           at charge (/nowhere/shop/src/charge.ts:7:9)

       Arguments of the function that failed
         total        9
         card         "[redacted]"







       e edit  y copy id  Esc back                                      ? keys  q quit"
    `)
  })

  test('errors, slow, namespaces', async () => {
    const tui = await drive(await shopDatabase('default', 'staging'))
    expect((await tui.press('2')).screen()).toMatchInlineSnapshot(`
      " default   1 Traces  [2 Errors]  3 Slow                             ● live  1/1
        a all [a open]│ s last
         Id  State       Marks        Count  Last         Error
      ›   1  new                          1  15:00:10     Declined: card 4242 declined









       ── group 1 ───────────────────────────────────────────────────────────────────
       Declined: card 4242 declined
       state    new
       seen     1 ×, 15:00:10 (1.1.0) … 15:00:10 (1.1.0)
       grouped  Declined thrown in src/charge.ts#charge
       last     3MTTjGrPwvLdRU3rwJrQuGYdjPQ




       W warn  A alert  c crash  x silence  n note  d done  z archive   ? keys  q quit"
    `)
    expect((await tui.press('tab')).screen()).toMatchInlineSnapshot(`
      " default   1 Traces   2 Errors  [3 Slow]                            ● live  2/8
        t any time
       Functions                             Calls             p50       p99    In sum
      ›  report                              1              1.49 s    1.49 s    1.50 s
         checkout                            1             19.8 ms   19.8 ms   20.0 ms
         checkout                            1             12.1 ms   12.1 ms   12.0 ms
         charge                              1             7.97 ms   7.97 ms   8.00 ms
         basket                              1             6.94 ms   6.94 ms   7.00 ms
         lookup                              5              997 µs    997 µs   5.00 ms
         price                               1             4.96 ms   4.96 ms   5.00 ms








       ── report ────────────────────────────────────────────────────────────────────
       calls    1 in 2.0.0, 1.50 s in sum
       took     usually 1.49 s (p50), seldom more than 1.49 s (p99), at most 1.50 s
       place    src/report.ts#report
       slowest  3MTTkA0GZ7nJ0cZyJmQ5kKkD5eL
       Enter slowest call  / filter  t time  Tab traces                 ? keys  q quit"
    `)
    expect((await tui.press('0')).screen()).toMatchInlineSnapshot(`
      " span-tree  namespaces of traces.db                                 ● live  1/2
        s name
       Namespace                        Traces  Last         Apps
      ›default                               3  15:00:20     reports, shop
       staging                               3  15:00:20     reports, shop


















       Enter open  / filter  s sort                                     ? keys  q quit"
    `)
  })
})

test.each([
  [40, 10],
  [60, 16],
  [200, 60],
])('every view fits %i × %i', async (columns, rows) => {
  const tui = await drive(await shopDatabase('default', 'staging'), { columns, rows })
  // screen() throws where a line is too wide, or there are too many or too few.
  for (const key of ['j', 'enter', 'enter', 'n', 'enter', 'escape', '2', 'W', 'n', 'escape', '3', '0', '?', ':']) {
    await tui.press(key)
    expect(tui.screen()).not.toBe('')
  }
})
