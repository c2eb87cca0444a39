import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping'
import { expect, test } from 'vitest'
import { instrument } from '../../transformer/instrument.ts'
import { fixtures, optionsFor } from './fixtures.ts'

// Words that the source has, each once on its line: where the instrumented text has them must map to where they were.
const WORD = /[A-Za-z_$][\w$]*|\d+|'[^'\n]*'/g

function wordsOf(line: string): { word: string; column: number }[] {
  return [...line.matchAll(WORD)].map(match => ({ word: match[0], column: match.index }))
}

test.each(fixtures().map(f => [f.name, f] as const))('%s: every word maps to where it was', (_, fixture) => {
  const result = instrument(fixture.code, optionsFor(fixture))
  const map = new TraceMap(JSON.stringify(result.map))
  expect(map.sources).toEqual([fixture.path])
  expect(map.sourcesContent).toEqual([fixture.code])
  const original = fixture.code.split('\n')
  const wrong: string[] = []
  let checked = 0
  for (const [i, line] of result.code.split('\n').entries()) {
    // `await using` is the one thing that is not only added to.
    const words = wordsOf(line).filter(({ word }) => !/^(\$st.*|await|using|const)$/.test(word))
    for (const { word, column } of words) {
      const before = wordsOf(original[i] as string).filter(one => one.word === word)
      // Once before and once behind: no doubt which is which.
      if (before.length !== 1 || words.filter(one => one.word === word).length !== 1) continue
      const found = originalPositionFor(map, { line: i + 1, column })
      checked++
      if (found.line !== i + 1 || found.column !== before[0]?.column) wrong.push(`${i + 1}:${column} ${word}`)
    }
  }
  expect(wrong).toEqual([])
  expect(checked).toBeGreaterThan(10)
})
