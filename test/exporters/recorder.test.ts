import { describe, expect, test } from 'vitest'
import { w3cTraceId } from '../../model/index.ts'
import { Recorder } from '../../runtime/exporters/recorder.ts'
import { renderTree } from '../../runtime/testing/render-tree.ts'
import { span, tree } from '../support/trees.ts'

describe('the recorder', () => {
  test('keeps traces and finds spans by name, traces by either id', () => {
    const recorder = new Recorder()
    const [first, second] = [tree(span('a', {}, span('b'))), tree(span('b', {}, span('c')))]
    for (const each of [first, second]) recorder.export(each)
    expect(recorder.trees).toEqual([first, second])
    expect(recorder.find('b')).toBe(first.root.children[0])
    expect(recorder.findAll('b')).toEqual([first.root.children[0], second.root])
    expect(recorder.find('z')).toBeUndefined()
    expect(recorder.get(second.traceId)).toBe(second)
    expect(recorder.get(w3cTraceId(second.traceId))).toBe(second)
    expect(recorder.get(w3cTraceId(second.traceId).toUpperCase())).toBe(second)
    expect(() => recorder.get('b')).toThrow('not a trace id')
    recorder.clear()
    expect(recorder.trees).toEqual([])
  })

  test('is bounded, and counts what went', () => {
    const recorder = new Recorder(undefined, { limit: 3 })
    for (let i = 0; i < 5; i++) recorder.export(tree(span(`${i}`)))
    expect(renderTree(recorder)).toBe('2\n3\n4')
    expect(recorder.dropped).toBe(2)
    const full = new Recorder()
    for (let i = 0; i < 1001; i++) full.export(tree(span('x')))
    expect([full.trees.length, full.dropped]).toEqual([1000, 1])
  })

  test('brings in what is complete before it is looked at', () => {
    const waiting = [tree(span('a')), tree(span('b'))]
    const recorder = new Recorder(() => {
      const next = waiting.shift()
      if (next) recorder.export(next)
    })
    expect(recorder.find('a')?.name).toBe('a')
    recorder.clear()
    expect(recorder.trees).toEqual([])
  })

  test('puts what comes late where it belongs', () => {
    const recorder = new Recorder()
    const floating = span('mail', { ms: null, floating: true })
    const charge = span('charge', {}, floating)
    const first = tree(span('checkout', {}, charge, span('done')))
    recorder.export(first)
    recorder.export({
      ...first,
      late: true,
      root: { ...span('mail', { ms: 5 }, span('send')), id: floating.id, parentId: charge.id },
    })
    recorder.export({ ...first, late: true, root: { ...span('log'), parentId: first.root.id } })
    expect(`\n${renderTree(recorder)}`).toBe(`
checkout
├─ charge
│  └─ mail
│     └─ send
├─ done
└─ log`)
    recorder.clear()
    recorder.export({ ...first, late: true, root: span('alone') })
    expect(renderTree(recorder)).toBe('alone')
  })
})
