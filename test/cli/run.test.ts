import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { CLI, createProject, type Project } from '../adapters/project.ts'

const APP = {
  'package.json': '{ "name": "app", "type": "module", "scripts": { "start": "node src/app.ts from npm" } }',
  'src/app.ts': `import { half } from './half.ts'
function main(...words: string[]): void {
  console.log(half(words.length), ...words)
}
main(...process.argv.slice(2))
`,
  'src/half.ts': 'export function half(n: number): number { return Math.round(n / 2) }\n',
}

const TREE = 'main src/app.ts:2:10\n  half src/half.ts:1:17'

function app(): Project {
  return createProject(APP)
}

describe('what to run', () => {
  test('node with its arguments', async () => {
    const { stdout, traces, code } = await app().cli([
      'run',
      '--format',
      'json',
      '--',
      'node',
      'src/app.ts',
      'a',
      '--b',
    ])
    expect(stdout.trim()).toBe('1 a --b')
    expect(traces).toBe(TREE)
    expect(code).toBe(0)
  })

  test('a source file in place of a command', async () => {
    const { stdout, traces } = await app().cli(['run', '--format', 'json', 'src/app.ts', '--help'])
    expect(stdout.trim()).toBe('1 --help')
    expect(traces).toBe(TREE)
  })

  test('a script of npm: every Node process below it', async () => {
    const { stdout, traces } = await app().cli(['run', '--format', 'json', '--', 'npm', 'start', '--silent'])
    expect(stdout.trim()).toBe('1 from npm')
    expect(traces).toBe(TREE)
  })

  test('the NODE_OPTIONS that were there stay', async () => {
    const command = ['sh', '-c', 'node src/app.ts "$NODE_OPTIONS"']
    const { stdout } = await app().cli(['run', '--', ...command], { NODE_OPTIONS: '--stack-trace-limit=7' })
    expect(stdout).toMatch(/^1 --stack-trace-limit=7 --import=file:.*register\.js\n$/)
  })
})

test('prints a tree for people unless told otherwise, and nothing of it on stdout', async () => {
  const { stdout, stderr } = await app().cli(['run', 'src/app.ts'])
  expect(stdout).toBe('0\n')
  expect(stderr).toContain('main')
  expect(stderr).toContain('src/half.ts:1:17')
})

describe('what to trace', () => {
  test.each([
    [['--include', 'src/half.ts'], 'half src/half.ts:1:17'],
    [['--exclude', '**/half.ts'], 'main src/app.ts:2:10'],
    [['--include', 'src/app.ts', '--include', 'src/half.ts'], TREE],
    [['--functions', 'ma*'], 'main src/app.ts:2:10'],
    [['--min-duration', '10s'], ''],
    [['--min-duration', '0.001us'], TREE],
  ])('%j', async (options, tree) => {
    const { traces, stderr } = await app().cli(['run', '--format', 'json', ...options, '--', 'node', 'src/app.ts'])
    expect(stderr).toBe('')
    expect(traces).toBe(tree)
  })

  test('a glob that matches nothing is said once', async () => {
    const { stderr } = await app().cli(['run', '--include', 'lib/**', '--', 'npm', 'start', '--silent'])
    expect(stderr).toBe(
      "span-tree options - warning SPT2003: the pattern 'lib/**' matches no file: patterns are relative to <project>\n",
    )
  })
})

describe('how it ends', () => {
  test.each([
    ['process.exitCode = 7', 7],
    ['process.exit(3)', 3],
    ['throw new Error("x")', 1],
    ['process.kill(process.pid, "SIGTERM"); setTimeout(() => {}, 60_000)', 143],
    ['process.kill(process.pid, "SIGKILL"); setTimeout(() => {}, 60_000)', 137],
  ])('%s: exit code %i', async (program, code) => {
    expect(await app().cli(['run', '--', 'node', '-e', program])).toMatchObject({ code, signal: null })
  })

  test('standard input reaches the program', async () => {
    const project = createProject({ 'echo.mjs': 'process.stdin.pipe(process.stdout)\n' })
    const child = spawn(process.execPath, [CLI, 'run', 'echo.mjs'], { cwd: project.directory })
    child.stdin.end('through')
    const [chunk] = await once(child.stdout, 'data')
    expect(String(chunk)).toBe('through')
  })

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    '%s is passed on, and the program says how it ends',
    async signal => {
      const project = createProject({
        'server.mjs': `process.on('${signal}', () => { console.log('${signal} here'); process.exit(9) })
setInterval(() => {}, 1000)
console.log('up')
`,
      })
      const child = spawn(process.execPath, [CLI, 'run', 'server.mjs'], { cwd: project.directory })
      let stdout = ''
      child.stdout.on('data', chunk => {
        stdout += chunk
        if (stdout === 'up\n') child.kill(signal)
      })
      const [code] = await once(child, 'close')
      expect({ stdout, code }).toEqual({ stdout: `up\n${signal} here\n`, code: 9 })
    },
  )
})

describe('errors', () => {
  test.each([
    [['run'], 2, 'error: missing command: write it behind --, as in span-tree run -- node src/app.ts'],
    [['run', '--', 'no-such-command'], 127, 'span-tree: no such command: no-such-command'],
    [['run', 'src/none.ts'], 127, 'span-tree: no such file: src/none.ts'],
    [['run', '--', './package.json'], 126, 'span-tree: cannot run ./package.json: spawn ./package.json EACCES'],
    [['rnu'], 2, "error: unknown command 'rnu'\n(Did you mean run?)"],
    [['run', '--incldue', 'x'], 2, "error: unknown option '--incldue'\n(Did you mean --include?)"],
    [['run', '--min-duration', 'soon', 'x'], 2, "argument 'soon' is invalid. Write a time like 5ms, 1.5s or 200us."],
    [['run', '--format', 'xml', 'x'], 2, "argument 'xml' is invalid. Allowed choices are terminal, json."],
  ])('%j', async (parameters, code, message) => {
    const finished = await app().cli(parameters)
    expect(finished.stderr).toContain(message)
    expect(finished).toMatchObject({ code, stdout: '' })
  })
})
