import { expect, test } from 'vitest'
import { type Checked, checkPositions } from './check.ts'
import { FRONT_ENDS } from './front-ends.ts'

test('every word that a front end keeps has the position in the source that it has without spans; sites agree', async () => {
  const results: Checked[] = []
  await checkPositions(false, result => results.push(result))
  expect(results.map(({ frontEnd, wrong, strange }) => ({ frontEnd, wrong, strange }))).toEqual(
    FRONT_ENDS.map(({ name }) => ({ frontEnd: name, wrong: [], strange: [] })),
  )
  for (const { frontEnd, words, exact, sites } of results) {
    expect(words, frontEnd).toBeGreaterThan(1_500)
    expect(exact / words, frontEnd).toBeGreaterThan(0.6)
    expect(sites, frontEnd).toBeGreaterThan(200)
  }
}, 400_000)
