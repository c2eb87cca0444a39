import { describe, expect, test } from 'vitest'
import { compareRuns, outcomesOf } from './suites/outcomes.ts'
import { comparePackage, PACKAGE_SUITES } from './suites/package-suites.ts'
import { tapTests } from './suites/tap.ts'
import { compareZod } from './suites/zod-suite.ts'

/** Of zod's test files; all of them: `npm run proof:zod`. */
const ZOD_FILES = [
  ...['async-refinements', 'codec', 'discriminated-unions', 'error', 'function', 'instanceof', 'lazy', 'object'],
  ...['promise', 'prototypes', 'recursive-types', 'refine', 'registries', 'union'],
].map(name => `src/v4/classic/tests/${name}.test.ts`)
const ZOD_3_FILES = ['async-parsing', 'error', 'promise', 'transformer'].map(name => `src/v3/tests/${name}.test.ts`)

describe("other people's own tests come out the same when all of it is instrumented", { timeout: 300_000 }, () => {
  test.concurrent('zod, from its TypeScript sources, through vitest', async () => {
    const { tests, passing, spans, differences } = await compareZod([...ZOD_FILES, ...ZOD_3_FILES])
    expect(differences).toEqual([])
    expect(passing).toBe(tests)
    expect(tests).toBeGreaterThan(300)
    expect(spans).toBeGreaterThan(10_000)
  })

  test.concurrent.each(PACKAGE_SUITES)('$name, $format, through node --import', async suite => {
    const { tests, passing, spans, differences } = await comparePackage(suite, true)
    expect(differences).toEqual([])
    expect(passing).toBe(tests)
    expect(tests).toBeGreaterThan(100)
    expect(spans).toBeGreaterThan(50)
  })
})

describe('what is compared', () => {
  const STREAM = `TAP version 13
# parses
ok 1 should be equal
not ok 2 should be equal
  ---
    at: Test.<anonymous> (/app/test/parse.js:3:9)
    duration_ms: 1.5
  ...
# Subtest: prints
    ok 1 - inner
ok 3 - prints
1..3
`

  test('tests of a TAP stream, with what is said of those that failed', () => {
    expect([...outcomesOf(tapTests(STREAM))]).toEqual([
      ['parses › should be equal', 'ok'],
      ['parses › should be equal (2)', 'not ok\n  ---\n    at: Test.<anonymous> (/app/test/parse.js:3:9)\n  ...'],
      ['    Subtest: prints › inner', 'ok'],
      ['Subtest: prints › prints', 'ok'],
    ])
  })

  test('a test that fails otherwise, or is in one run only, is a difference', () => {
    const plain = {
      outcomes: outcomesOf([
        ['a', 'ok'],
        ['b', 'not ok\n3:9'],
        ['c', 'ok'],
      ]),
      spans: 0,
    }
    const instrumented = {
      outcomes: outcomesOf([
        ['a', 'ok'],
        ['b', 'not ok\n3:7'],
        ['d', 'ok'],
      ]),
      spans: 5,
    }
    expect(compareRuns(plain, instrumented)).toEqual({
      tests: 3,
      passing: 2,
      spans: 5,
      differences: [
        'b\n  plain:        not ok\n3:9\n  instrumented: not ok\n3:7',
        'c\n  plain:        ok\n  instrumented: did not run',
        'd\n  plain:        did not run\n  instrumented: ok',
      ],
    })
  })
})
