import { existsSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { HealthReport } from '../../../cli/health/health-report.ts'
import { w3cTraceId } from '../../../model/index.ts'
import { linesOfVersions, normalised, TRACES } from './recorded.ts'
import { linesOf, recordedProject, serving, spanTreeBeside } from './recorded-project.ts'

describe('traces', () => {
  test('as a table, the newest first', async () => {
    const { stdout, code } = await recordedProject().ask('traces', '--table')
    expect(code).toBe(0)
    expect(normalised(stdout)).toMatchInlineSnapshot(`
      "Began  Status  Took  Spans  Name  Tags  Trace
      <time>  OK  1.50 s  1  report  app=reports  3MTTkA0GZ7nJ0cZyJmQ5kKkD5eL
      <time>  FAIL  20.0 ms  3  checkout  app=shop version=1.1.0  3MTTjGrPwvLdRU3rwJrQuGYdjPQ
      <time>  OK  12.0 ms  2  checkout  app=shop version=1.0.0  3MTTjFEKX2rNbXV9yOaI4c7F0pU
      "
    `)
  })

  test.each([
    [['--status', 'fail,crash'], ['cake']],
    [['--tag', 'app=shop', '--tag', 'version=1.0.0'], ['tea']],
    [
      ['--name', 'checkout'],
      ['cake', 'tea'],
    ],
    [['--text', '"card 4242" declined'], ['cake']],
    [
      ['--since', '2h', '--limit', '2'],
      ['report', 'cake'],
    ],
    [['--until', '2h'], []],
    [['--slow'], []],
  ] as const)('%j', async (parameters, names) => {
    const { stdout, code } = await recordedProject().ask('traces', ...parameters)
    const traces = JSON.parse(stdout) as { traceId: string }[]
    expect(traces.map(({ traceId }) => traceId)).toEqual(names.map(name => TRACES[name]))
    expect(code).toBe(names.length > 0 ? 0 : 1)
  })

  test('JSON has a line a trace', async () => {
    const { stdout } = await recordedProject().ask('traces', '--status', 'FAIL')
    expect(normalised(stdout)).toMatchInlineSnapshot(`
      "[
        {"traceId":"3MTTjGrPwvLdRU3rwJrQuGYdjPQ","name":"checkout","status":"FAIL","slow":false,"spans":3,"errors":1,"tags":{"app":"shop","version":"1.1.0"},"start":"<time>","durationMs":20,"startTime":"<ns>"}
      ]
      "
    `)
  })
})

describe('trace', () => {
  test('the tree', async () => {
    const { stdout } = await recordedProject().ask('trace', TRACES.cake, '--table')
    expect(normalised(stdout)).toMatchInlineSnapshot(`
      " 20.0 ms  ✗ checkout ▲ 50 %  src/order.ts:1:1
       8.00 ms  ├─ ✗ charge  src/order.ts:1:1
                │  └─ Declined: card 4242 declined
                │  with total=9
       9.00 ms  ├─ log  src/order.ts:1:1
                └─ ↑ Declined from charge

      3MTTjGrPwvLdRU3rwJrQuGYdjPQ  <time>  FAIL  app=shop version=1.1.0
      "
    `)
  })

  test('by ksuid, by 32 hex digits, by the beginning of either; in JSON, the line that it came from', async () => {
    const { ask } = recordedProject()
    const hex = w3cTraceId(TRACES.tea)
    const found = await Promise.all(
      [TRACES.tea, hex, TRACES.tea.slice(0, 8), hex.slice(0, 8)].map(id => ask('trace', id)),
    )
    const { stdout: all } = await ask('export')
    for (const { stdout, code } of found) {
      expect(code).toBe(0)
      expect(all.split('\n')[0]).toBe(stdout.trimEnd())
    }
  })

  test('several, or none', async () => {
    const { ask } = recordedProject()
    const several = await ask('trace', '3MTTj')
    expect(several).toMatchObject({ code: 1, stdout: '' })
    expect(several.stderr).toBe(`Several traces begin with 3MTTj:\n  ${TRACES.tea}\n  ${TRACES.cake}\n`)
    expect(await ask('trace', '0000')).toMatchObject({ code: 1, stderr: 'No trace of this id: 0000\n' })
  })
})

describe('errors', () => {
  test('are marked once, for all that is to come, and it can be undone', async () => {
    const { ask } = recordedProject()
    expect(normalised((await ask('errors', '--table')).stdout)).toMatchInlineSnapshot(`
      "Id  State  Marks  Count  Last  Error
       1  new  1  <time>  Declined: card 4242 declined
      "
    `)
    const marked = await ask('annotate', '1', '--severity', 'ok', '--note', 'as it should', '--archive', '5', '--table')
    expect(normalised(marked.stdout)).toMatchInlineSnapshot(`
      "1  Declined: card 4242 declined
        state  archived, until 5 more
        marks  OK
        note  as it should
        count  1
        first  <time>  (version 1.1.0)
        last  <time>  (version 1.1.0)
        trace  3MTTjGrPwvLdRU3rwJrQuGYdjPQ
        grouped  Declined thrown in src/order.ts#charge
      "
    `)
    expect(await ask('errors')).toMatchObject({ stdout: '[]\n', code: 1 })
    expect(JSON.parse((await ask('errors', '--all')).stdout)).toHaveLength(1)
    await ask('annotate', '1', '--undo')
    expect(JSON.parse((await ask('errors', '1')).stdout)).toMatchObject({ state: 'new', marks: {}, count: 1 })
  })

  test('marks that are not spoken of stay', async () => {
    const { ask } = recordedProject()
    await ask('annotate', '1', '--severity', 'WARN')
    await ask('annotate', '1', '--crash')
    expect(JSON.parse((await ask('annotate', '1', '--no-silence')).stdout).marks).toEqual({
      severity: 'WARN',
      crash: true,
    })
    expect(JSON.parse((await ask('annotate', '1', '--clear')).stdout).marks).toEqual({})
  })
})

test('slow: functions by the time that they took', async () => {
  const { stdout } = await recordedProject().ask('slow', '--table', '--limit', '3')
  expect(normalised(stdout)).toMatchInlineSnapshot(`
    "Functions
    Name  Version  Calls  In sum  p50  p99  Slowest
    report  1  1.50 s  1.49 s  1.49 s  1.50 s
    checkout  1.1.0  1  20.0 ms  19.8 ms  19.8 ms  20.0 ms
    checkout  1.0.0  1  12.0 ms  12.1 ms  12.1 ms  12.0 ms
    "
  `)
})

test('slow, health: what made functions of a version slower', async () => {
  const project = recordedProject()
  writeFileSync(join(project.directory, 'versions.jsonl'), linesOfVersions())
  await project.ask('import', 'versions.jsonl')
  const { stdout } = await project.ask('slow', '--table', '--limit', '3', '--app-version', '2')
  expect(normalised(stdout.slice(0, stdout.indexOf('\n\n')))).toMatchInlineSnapshot(`
    "Slower than before
    Name  Version  Quantile  Before  Now  Times  Because of
    Rates.load  2  p50  3.99 ms  24.2 ms  × 6.1  own code +20.0 ms
    quote  2  p50  8.98 ms  28.9 ms  × 3.2  Rates.load +20.0 ms"
  `)
  const [markdown, json] = await Promise.all(['markdown', 'json'].map(format => project.ask('health', '-f', format)))
  expect(markdown?.stdout).toMatch(/\| quote \| 2 \| p50 \| .* \| Rates\.load \+20\.0 ms \|/)
  const { slower } = JSON.parse(json?.stdout ?? '') as HealthReport
  expect(slower.find(({ name }) => name === 'quote')?.growth).toEqual([{ name: 'Rates.load', beforeMs: 4, nowMs: 24 }])
})

test('search: where the words occur', async () => {
  const { ask } = recordedProject()
  const { stdout } = await ask('search', 'declined', '4242', '--table')
  expect(normalised(stdout)).toMatchInlineSnapshot(`
    "<time>  FAIL  checkout  3MTTjGrPwvLdRU3rwJrQuGYdjPQ
        charge: Declined: card 4242 declined
    "
  `)
  expect(JSON.parse((await ask('search', '"A-4711"')).stdout)).toMatchObject([
    { traceId: TRACES.tea, matches: [{ name: 'checkout', text: 'A-4711' }] },
  ])
  expect(await ask('search', 'coffee')).toMatchObject({ code: 1, stdout: '[]\n' })
})

describe('health', () => {
  test('text', async () => {
    const { stdout } = await recordedProject().ask('health', '--format', 'text')
    expect(normalised(stdout)).toMatchInlineSnapshot(`
      "default  <time> – <time>
      ✗ more traces fail, 1 new error

      Traces
      Status  Now  Before
      OK  2  0
      FAIL  1  0

      New errors
      Id  State  Count  Last  Error
       1  new  1  <time>  Declined: card 4242 declined
      "
    `)
  })

  test('Markdown', async () => {
    const { stdout } = await recordedProject().ask('health', '--format', 'markdown')
    expect(normalised(stdout)).toMatchInlineSnapshot(`
      "# ✗ default

      <time> – <time>: more traces fail, 1 new error

      ## Traces

      | Status | Now | Before |
      | --- | --- | --- |
      | OK | 2 | 0 |
      | FAIL | 1 | 0 |

      ## New errors

      | Id | State | Marks | Count | Last | Error |
      | --- | --- | --- | --- | --- | --- |
      | 1 | new |  | 1 | <time> | Declined: card 4242 declined |
      "
    `)
  })

  test('--check tells whether there is something to look at', async () => {
    const { ask } = recordedProject()
    expect((await ask('health', '--check')).code).toBe(1)
    const quiet = await ask('health', '--check', '--period', '10min')
    expect(JSON.parse(quiet.stdout)).toMatchObject({ healthy: true, traces: [] })
    expect(quiet.code).toBe(0)
    // An hour ago was in the forty minutes before: what came then, and does not any more, is to be looked at, too.
    const stopped = await ask('health', '--check', '--period', '40min')
    expect(JSON.parse(stopped.stdout).stopped).toMatchObject([{ name: 'report' }, { name: 'checkout' }])
    expect(stopped.code).toBe(1)
  })

  test('is posted', async () => {
    const bodies: string[] = []
    const server = createServer((request, response) => {
      request.setEncoding('utf8').on('data', (text: string) => bodies.push(text))
      request.on('end', () => response.end())
    })
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
    onTestFinished(() => void server.close())
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    const { ask } = recordedProject()
    expect(await ask('health', '--post', url)).toMatchObject({ code: 0, stdout: '' })
    expect(JSON.parse(bodies.join(''))).toMatchObject({ namespace: 'default', healthy: false })
    expect((await ask('health', '--every', '0s')).code).toBe(2)
  })

  test('is printed again and again', async () => {
    const reports = spanTreeBeside(recordedProject(), 'health', '--every', '1s', '--format', 'markdown')
    const titles: string[] = []
    for await (const line of { [Symbol.asyncIterator]: () => linesOf(reports) }) {
      if (line.startsWith('# ')) titles.push(line)
      if (titles.length === 2) break
    }
    expect(titles).toEqual(['# ✗ default', '# ✗ default'])
  })
})

test('namespaces', async () => {
  const { ask } = recordedProject()
  await ask('import', 'lines.jsonl', '--namespace', 'shop')
  expect(normalised((await ask('namespaces', '--table')).stdout)).toMatchInlineSnapshot(`
    "Name  Traces  Last  Apps
    default  3  <time>  reports, shop 1.0.0 1.1.0
    shop  3  <time>  reports, shop 1.0.0 1.1.0
    "
  `)
  expect(JSON.parse((await ask('traces', '--namespace', 'shop')).stdout)).toHaveLength(3)
})

describe('of a receiver and of its file, all of it is the same', () => {
  const QUESTIONS = [
    'traces',
    'traces --table --tag app=shop --status OK,FAIL --since 2h --limit 1 --text tea',
    `trace ${TRACES.cake}`,
    'trace 3MTTj',
    'trace 0000',
    'errors --all',
    'errors 99',
    'slow',
    'search declined',
    'namespaces',
    'export --format otlp',
    'annotate 1 --silence --by me',
    'annotate 99 --crash',
  ]

  test('what is asked', async () => {
    const project = recordedProject()
    const url = await serving(project)
    for (const question of QUESTIONS) {
      const words = question.split(' ')
      const [file, receiver] = await Promise.all([project.ask(...words), project.ask(...words, '--url', url)])
      expect(receiver, question).toEqual(file)
    }
  })

  test('what is imported', async () => {
    const project = recordedProject()
    const url = await serving(project)
    const copied = await project.ask('import', 'lines.jsonl', '--url', url, '--tag', 'from=laptop')
    expect(copied).toMatchObject({ code: 0, stderr: '6 spans of 3 traces kept.\n' })
    expect(await project.ask('export', '--url', url)).toEqual(await project.ask('export'))
  })
})

describe('what cannot be done is said, and the exit code tells', () => {
  test.each([
    [['traces', '--db', 'nowhere.db'], 1, 'span-tree: nowhere.db is not there\n'],
    [['traces', '--db', 'lines.jsonl'], 1, 'span-tree: lines.jsonl is not a database'],
    [['traces', '--url', 'http://127.0.0.1:1'], 1, 'span-tree: no answer from http://127.0.0.1:1: '],
    [['traces', '--url', 'localhost'], 1, "span-tree: a receiver's URL begins with http:// or https://: localhost\n"],
    [
      ['traces', '--db', 'x', '--url', 'http://y'],
      2,
      "error: option '--db <file>' cannot be used with option '--url <url>'\n",
    ],
    [['traces', '--status', 'odd'], 2, "error: option '-s, --status <status>' argument 'odd' is invalid"],
    [['traces', '--since', 'now'], 2, 'Write a time like 30min, 2h or 7d (ago)'],
    [['trace'], 2, "error: missing required argument 'id'\n(span-tree trace --help says more)\n"],
    [['annotate', '1'], 2, 'error: say what to note of it (span-tree annotate --help)\n'],
    [['annotate', '1', '--undo', '--crash'], 2, 'error: --undo, --merge and --unmerge stand alone\n'],
    [['annotate', '1', '--archive', 'soon'], 2, 'error: --archive takes forever, escalating, a number'],
    [['import', 'nothing.jsonl'], 2, 'error: no such file: nothing.jsonl\n'],
  ] as const)('%j', async (parameters, expected, said) => {
    const { code, stderr, stdout } = await recordedProject().ask(...parameters)
    expect({ code, stdout }).toEqual({ code: expected, stdout: '' })
    expect(stderr).toContain(said)
  })

  test('a file to import that is not there leaves no new store', async () => {
    const { ask, directory } = recordedProject()
    expect((await ask('import', 'nothing.jsonl', '--db', 'new.db')).code).toBe(2)
    expect(existsSync(join(directory, 'new.db'))).toBe(false)
  })

  test('several namespaces, and none is named', async () => {
    const { ask } = recordedProject()
    for (const namespace of ['a', 'b']) await ask('import', 'lines.jsonl', '--db', 'two.db', '--namespace', namespace)
    const { code, stderr } = await ask('traces', '--db', 'two.db')
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'error: there are several namespaces: say which with --namespace (a, b)\n',
    })
    const wrong = await ask('traces', '--db', 'two.db', '--namespace', 'c', '--table')
    expect(wrong).toMatchObject({ code: 1, stderr: 'No such traces.\nThere is no namespace c, but a, b.\n' })
  })
})
