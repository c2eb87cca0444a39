import { execFile, execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { describe, expect, test } from 'vitest'
import { textWidth } from '../../../runtime/exporters/text-width.ts'
import { CLI } from '../../adapters/project.ts'
import { normalised } from './recorded.ts'
import { environmentIn, type RecordedProject, recordedProject } from './recorded-project.ts'

const INTRODUCER = '\u001B['
/** Of util-linux: runs a command in a pseudo-terminal. */
const SCRIPT = 'script'

/** Runs `span-tree …` in a pseudo-terminal of so many columns; what the screen is sent. */
function onTerminal(
  { directory }: RecordedProject,
  columns: number,
  line: string,
  env: NodeJS.ProcessEnv = {},
): Promise<string> {
  const { NO_COLOR: _, ...plain } = environmentIn(directory)
  const command = `stty cols ${columns} rows 24; exec '${process.execPath}' '${CLI}' ${line}`
  return new Promise((resolve, reject) => {
    const options = { cwd: directory, env: { ...plain, TERM: 'xterm-256color', ...env } }
    const child = execFile(SCRIPT, ['-qec', command, '/dev/null'], options, (error, stdout) =>
      error ? reject(error) : resolve(stdout.replaceAll('\r\n', '\n')),
    )
    child.stdin?.end()
  })
}

describe('on a terminal', () => {
  test.each([80, 120])('tables fit %i columns', async columns => {
    const project = recordedProject()
    for (const command of ['traces', 'errors', 'slow', 'namespaces', 'search declined', 'health']) {
      const screen = stripVTControlCharacters(await onTerminal(project, columns, command))
      expect(
        screen.split('\n').filter(line => textWidth(line) > columns),
        command,
      ).toEqual([])
    }
  })

  test('in colours, unless NO_COLOR says otherwise', async () => {
    const project = recordedProject()
    expect(await onTerminal(project, 100, 'traces')).toContain(`${INTRODUCER}31mFAIL`)
    expect(await onTerminal(project, 100, 'traces', { NO_COLOR: '1' })).not.toContain(INTRODUCER)
  })

  test('a trace is the tree that the program would have printed', async () => {
    const project = recordedProject()
    const screen = await onTerminal(project, 60, 'trace 3MTTjG', { NO_COLOR: '1' })
    expect(normalised(screen)).toMatchInlineSnapshot(`
      " 20.0 ms  ✗ checkout ▲ 50 %  src/order.ts:1:1
       8.00 ms  ├─ ✗ charge  src/order.ts:1:1
                │  └─ Declined: card 4242 declined
                │  with total=9
       9.00 ms  ├─ log  src/order.ts:1:1
                └─ ↑ Declined from charge

      3MTTjGrPwvLdRU3rwJrQuGYdjPQ  <time>  FAIL  app=shop version=1.1.0
      "
    `)
    expect(await onTerminal(project, 60, 'trace 3MTTjG --json')).toMatch(/^\{"traceId":"3MTTjG/)
  })
})

describe('completion', () => {
  const script = (shell: string): string =>
    execFileSync(process.execPath, [CLI, 'completion', shell], { encoding: 'utf8' })

  test.each([
    ['span-tree tr', ['traces', 'trace']],
    ['span-tree traces --st', ['--status']],
    ['span-tree export --format s', ['speedscope']],
    ['span-tree completion z', ['zsh']],
    ['span-tree traces --status F', ['FAIL']],
    ['span-tree errors --state re', ['regressed', 'resolved']],
    ['span-tree annotate 1 --severity W', ['WARN']],
    ['span-tree trace --db lin', ['lines.jsonl']],
    ['span-tree traces --name ', []],
  ])('bash: %s', (line, expected) => {
    const { directory } = recordedProject()
    writeFileSync(join(directory, 'completion.bash'), script('bash'))
    const words = line.split(' ')
    const program = `source completion.bash; COMP_WORDS=(${words.map(word => `'${word}'`).join(' ')})
COMP_CWORD=${words.length - 1}; _span_tree; printf '%s\\n' "\${COMPREPLY[@]}"`
    const printed = execFileSync('bash', ['-c', program], { cwd: directory, encoding: 'utf8' })
    expect(printed.split('\n').filter(Boolean)).toEqual(expected)
  })

  test.each(['bash', 'zsh', 'fish'])('%s knows every command and its options', shell => {
    const text = script(shell)
    const help = execFileSync(process.execPath, [CLI, '--help'], { encoding: 'utf8' })
    const commands = [...help.matchAll(/^ {2}([a-z]+) .*?(?: {2}|$)/gm)].map(([, name]) => name as string)
    const known = commands.filter(name => name !== 'help' && !name.startsWith('span'))
    expect(known).toContain('traces')
    expect(known.filter(name => !new RegExp(`\\b${name}\\b`).test(text))).toEqual([])
    expect(text).toMatch(/speedscope/)
  })
})
