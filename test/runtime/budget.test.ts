import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { loadProgram, recorder, runtime, until } from './program.ts'

test('sites that cost more than the budget are counted only, the quiet ones stay, and it is said which', async () => {
  const { work } = await loadProgram<{ work(calls: number): void }>(`
    const noisy = n => Number(n), quiet = n => Number(n)
    export function work(calls) { quiet(1); for (let i = 0; i < calls; i++) noisy(i) }`)
  const names = (): string[] => runtime.countedOnly().map(({ name }) => name)
  runtime.configure({ budget: '1%' })
  await until(() => {
    work(5_000)
    void recorder.trees
    recorder.clear()
    return names().length > 0
  })
  expect(names()).toEqual(['noisy'])
  expect(runtime.countedOnly()[0]).toMatchObject({ line: 2, rate: expect.any(Number) })
  recorder.clear()
  work(10)
  expect(recorder.findAll('noisy')).toEqual([])
  expect(recorder.findAll('quiet')).toHaveLength(1)
  // What has become quiet makes spans again.
  while (names().length > 0) {
    work(1)
    void recorder.trees
    await setTimeout(20)
  }
  recorder.clear()
  work(3)
  expect(recorder.findAll('noisy')).toHaveLength(3)
}, 20_000)

test('what is no share is refused', () => {
  expect(() => runtime.configure({ budget: '2' })).toThrow("span-tree: budget takes a share of the CPU time like '2%'")
  expect(() => runtime.configure({ budget: 5 })).toThrow('not 5')
})
