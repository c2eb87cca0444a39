import { rmSync } from 'node:fs'
import { type Comparison, compare } from './compare.ts'
import { type Corpus, createCorpus } from './corpus.ts'
import { FRONT_ENDS, type FrontEnd } from './front-ends.ts'
import { sitesOf } from './words.ts'

export interface Checked extends Comparison {
  readonly frontEnd: string
  readonly sites: number
  /** Sites that the text renderer has at other places, or not at all. */
  readonly strange: readonly string[]
}

/** Runs the corpus through front ends, plain and instrumented, and compares every word's position, and every site's. */
export async function checkPositions(full: boolean, checked: (result: Checked) => void): Promise<void> {
  const corpus = createCorpus(full)
  try {
    const places = new Set<string>()
    for (const frontEnd of FRONT_ENDS) checked(await check(frontEnd, corpus, places))
  } finally {
    rmSync(corpus.directory, { recursive: true, force: true })
  }
}

async function check(frontEnd: FrontEnd, corpus: Corpus, places: Set<string>): Promise<Checked> {
  const plain = await frontEnd.make(corpus, false)
  const instrumented = await frontEnd.make(corpus, true)
  const comparison = compare(plain, instrumented)
  const sites = instrumented.flatMap(({ code }) => sitesOf(code))
  // The first front end is the text renderer itself.
  if (places.size === 0) for (const site of sites) places.add(site)
  const isKnown = (site: string): boolean => places.has(site) || corpus.differing.some(file => site.startsWith(file))
  const wrong = comparison.wrong.filter(each => !frontEnd.rewrites?.test(each))
  const excused = comparison.excused + comparison.wrong.length - wrong.length
  const strange = sites.filter(site => !isKnown(site))
  return { ...comparison, wrong, excused, frontEnd: frontEnd.name, sites: sites.length, strange }
}
