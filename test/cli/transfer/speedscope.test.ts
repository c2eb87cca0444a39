import { expect, test } from 'vitest'
import { imported, treesOf } from './transfer.ts'

const shared = {
  frames: [{ name: 'main', file: 'app.js', line: 3, col: 5 }, { name: 'work' }, { name: 'idle', file: 'node.js' }],
}

test('a profile of events is a trace; frames may stand behind it', async () => {
  const profile = {
    type: 'evented',
    name: 'thread 1',
    unit: 'milliseconds',
    startValue: 0,
    endValue: 20,
    events: [
      { type: 'O', frame: 0, at: 0 },
      { type: 'O', frame: 1, at: 1.5 },
      { type: 'C', frame: 1, at: 4 },
      { type: 'O', frame: 1, at: 5 },
      { type: 'C', frame: 1, at: 6 },
    ],
  }
  const { session, said } = await imported({ profiles: [profile], name: 'app.cpuprofile', shared })
  expect(said).toEqual(['3 spans of 1 trace kept.'])
  expect(await treesOf(session)).toEqual([
    '[process=app.cpuprofile,thread=thread 1]',
    'main 20 ms app.js:3:5',
    '  work 2.5 ms',
    '  work 1 ms',
  ])
})

test('a profile of samples: calls go on as long as stacks are the same', async () => {
  const profile = {
    type: 'sampled',
    name: 'cpu',
    unit: 'microseconds',
    startValue: 100,
    endValue: 160,
    samples: [[0], [0, 1], [0, 1], [2], [0, 0], []],
    weights: [10, 10, 20, 5, 5, 10],
  }
  const { session, said } = await imported({ shared, profiles: [profile] })
  expect(said).toEqual(['6 spans of 1 trace kept.'])
  expect(await treesOf(session)).toEqual([
    '[thread=cpu]',
    'cpu 0.05 ms',
    '  main 0.04 ms app.js:3:5',
    '    work 0.03 ms',
    '  idle 0.005 ms node.js:1:1',
    '  main 0.005 ms app.js:3:5',
    '    main 0.005 ms app.js:3:5',
  ])
})

test('what cannot be read is named, with its place', async () => {
  const evented = { type: 'evented', name: 'odd', unit: 'seconds', startValue: 0, endValue: 4 }
  const events = [
    { type: 'O', frame: 0, at: 0 },
    { type: 'O', frame: 9, at: 1 },
    { type: 'C', frame: 1, at: 1 },
    { type: 'O', frame: 1, at: 2 },
    { type: 'Z', frame: 1, at: 2 },
    { type: 'O', frame: 1, at: null },
    { type: 'C', frame: 0, at: 1.5 },
  ]
  const { session, said } = await imported({
    shared,
    profiles: [
      { type: 'sampled', name: 'heap', unit: 'bytes', startValue: 0, endValue: 9, samples: [[0]], weights: [9] },
      { ...evented, events },
      { type: 'other', name: 'new', unit: 'seconds', startValue: 0, endValue: 4 },
      { type: 'sampled', unit: 'seconds', startValue: 0, endValue: 2, samples: [[0], 'x', [7]], weights: [1, -1, 1] },
      'profile',
    ],
  })
  expect(said).toMatchInlineSnapshot(`
    [
      "3 spans of 2 traces kept.",
      "profiles[0]: counted in bytes, which is no time",
      "profiles[1].events[1].frame: no frame of the file",
      "profiles[1].events[2]: it closes what is not open",
      "profiles[1].events[4].type: neither O nor C",
      "profiles[1].events[5].at: not a number",
      "profiles[1].events[6].at: before what was before it; taken for the same time",
      "profiles[1].events[6]: what it called is open still; closed with it",
      "profiles[2].type: neither evented nor sampled: "other"",
      "profiles[3].samples[1]: no list of frames of the file",
      "profiles[3].weights[1]: not a number, or below 0",
      "and 2 more like these",
    ]
  `)
  expect((await treesOf(session)).filter(line => !line.startsWith('['))).toEqual([
    'main 2000 ms app.js:3:5',
    '  work 0 ms',
    'main 2000 ms app.js:3:5',
  ])
})
