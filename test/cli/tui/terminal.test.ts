import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { CLI } from '../../adapters/project.ts'
import { PseudoTerminal } from './pseudo-terminal.ts'
import { shopDatabase, TRACES } from './shop.ts'

const ESCAPE = '\u001b'
const SGR = new RegExp(`${ESCAPE}\\[[\\d;]*m`)
const OPEN = /\[1 Traces\].*live[\s\S]*report/

/** A shell in a folder of its own; `span-tree` is a function there. */
async function shell(env: NodeJS.ProcessEnv = {}): Promise<{ terminal: PseudoTerminal; folder: string; open: string }> {
  const file = await shopDatabase('default')
  const folder = mkdtempSync(join(tmpdir(), 'span-tree-shell-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const { PATH, HOME } = process.env
  const terminal = new PseudoTerminal({ PATH, HOME, TZ: 'UTC', NO_COLOR: '1', LANG: 'C.UTF-8', ...env }, folder)
  onTestFinished(() => terminal.close())
  await terminal.until(/\$$/)
  return { terminal, folder, open: `'${process.execPath}' '${CLI}' --db '${file}'` }
}

/** The shell's own screen, with a terminal that echoes and gathers lines. */
async function expectRestored(terminal: PseudoTerminal, before: string): Promise<void> {
  await terminal.until(screen => !terminal.isAlternate && screen.startsWith(before) && /\$$/.test(screen))
  terminal.run('clear; stty -a | grep -oE -- "-?(icanon|echo|isig) " | tr -d "\\n"; echo')
  expect(await terminal.until(/^\S*isig[\s\S]*\$$/)).toMatch(/^isig icanon echo\s+\$$/)
  expect(terminal.showsCursor).toBe(true)
}

describe('keys in a terminal', () => {
  test('from the dashboard into a trace and out again; the screen is as it was', async () => {
    const { terminal, open } = await shell()
    // A key that is typed ahead is no part of the screen.
    terminal.run(open)
    terminal.press('j')
    expect(await terminal.until(/^›checkout/m)).toMatch(/^ default {2}\[1 Traces\]/)
    expect(terminal.isAlternate).toBe(true)
    terminal.press('\r')
    await terminal.until(/› Traces › checkout[\s\S]*20\.0 ms/)
    terminal.press('\r')
    const screen = await terminal.until(/▾ ✗ checkout/)
    expect(screen).toContain('├─ WARNING only one left  item=cake')
    terminal.written = ''
    terminal.press(`${ESCAPE}[B`)
    await terminal.until(/^›.*⇢ /m)
    // Two rows, the position and the pane below: not the whole screen again.
    expect(terminal.written.length).toBeLessThan(900)
    terminal.press('y')
    await terminal.until(new RegExp(`Copied ${TRACES.cake}`))
    expect(terminal.written).toContain(`${ESCAPE}]52;c;${Buffer.from(TRACES.cake).toString('base64')}\u0007`)
    expect(terminal.written).not.toMatch(SGR)
    terminal.press('q')
    await expectRestored(terminal, '$ ')
  })

  test('a line that is written or pasted is text', async () => {
    const { terminal, open } = await shell()
    terminal.run(open)
    await terminal.until(OPEN)
    // Pasted where no line is written: no keys.
    terminal.press(`${ESCAPE}[200~q${ESCAPE}[201~`)
    terminal.press('/', `${ESCAPE}[200~che\nq${ESCAPE}[201~`)
    await terminal.until(/^ \/che q▏/m)
    terminal.press('\u007f', '\u007f', '\r')
    await terminal.until(screen => /1\/2/.test(screen) && !screen.includes('report'))
    terminal.press('q')
    await expectRestored(terminal, '$ ')
  })

  test('colours where they are wanted; another size is another screen', async () => {
    const { terminal, open } = await shell({ NO_COLOR: '' })
    terminal.run(open)
    await terminal.until(OPEN)
    expect(terminal.written).toMatch(SGR)
    for (const [columns, rows] of [
      [120, 40],
      [50, 12],
      [80, 24],
    ] as const) {
      terminal.resize(columns, rows)
      const screen = await terminal.until(each => each.split('\n').length === rows && /q quit$/.test(each))
      expect(screen).toMatch(/report +✓ OK/)
      expect(screen.split('\n').filter(line => line.includes('[1 Traces]'))).toHaveLength(1)
    }
  })
})

test('without ink it says what is missing', async () => {
  const { terminal, folder, open } = await shell()
  const hooks = `import { registerHooks } from 'node:module'
    registerHooks({
      resolve(specifier, context, next) {
        return next(specifier === 'ink' ? 'ink-that-is-not-installed' : specifier, context)
      },
    })`
  writeFileSync(join(folder, 'hooks.mjs'), hooks)
  terminal.run(`clear; NODE_OPTIONS='--import=${folder}/hooks.mjs' ${open}; echo "ended with $?"`)
  const screen = await terminal.until(/ended with \d/)
  expect(screen.replaceAll('\n', '')).toMatch(
    /optional dependencies ink and react are not installed\. Install without --omit=optional/,
  )
  expect(screen).toContain('ended with 1')
})

describe('however it ends, the terminal is given back', () => {
  test('SIGTERM, SIGINT, SIGHUP', async () => {
    const { terminal, open } = await shell()
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
      terminal.run(`clear; ${open}`)
      await terminal.until(OPEN)
      process.kill(terminal.child, signal)
      await expectRestored(terminal, '')
    }
  })

  test('an error that nobody caught is told afterwards', async () => {
    const { terminal, open } = await shell()
    const broken = "data:text/javascript,process.on('SIGUSR2',()=>{throw new Error('broken inside')})"
    terminal.run(`NODE_OPTIONS="--import=${broken.replaceAll("'", '%27').replaceAll(' ', '%20')}" ${open}`)
    await terminal.until(OPEN)
    process.kill(terminal.child, 'SIGUSR2')
    await terminal.until(screen => !terminal.isAlternate && screen.includes('broken inside'))
    await expectRestored(terminal, '')
  })

  test('Ctrl-Z leads to the shell, fg back', async () => {
    const { terminal, open } = await shell()
    terminal.run(open)
    await terminal.until(OPEN)
    terminal.press('2')
    await terminal.until(/\[2 Errors\][\s\S]*Declined/)
    terminal.press('\u001a')
    await terminal.until(screen => !terminal.isAlternate && /Stopped/.test(screen) && /\$$/.test(screen))
    expect(terminal.showsCursor).toBe(true)
    terminal.run('fg')
    await terminal.until(/\[2 Errors\][\s\S]*Declined[\s\S]*q quit/)
    terminal.press('1')
    await terminal.until(OPEN)
    terminal.press('q')
    await expectRestored(terminal, '$ ')
  })

  test('$EDITOR gets the terminal meanwhile, and the place', async () => {
    const { terminal, folder, open } = await shell()
    mkdirSync(join(folder, 'src'))
    writeFileSync(join(folder, 'src/charge.ts'), '\n\n\n\n  charge() {\n')
    const editor = join(folder, 'vim')
    writeFileSync(editor, `#!/bin/sh\necho "$@" > '${folder}/told'\necho editing\nread line\n`)
    chmodSync(editor, 0o755)
    terminal.run(`EDITOR='${editor}' ${open}`)
    await terminal.until(OPEN)
    terminal.press('j', '\r')
    await terminal.until(/› Traces › checkout[\s\S]*20\.0 ms/)
    terminal.press('\r')
    await terminal.until(/▾ ✗ checkout/)
    terminal.press('n', 'p', 'e')
    await terminal.until(screen => !terminal.isAlternate && /editing/.test(screen))
    terminal.press('\r')
    await terminal.until(/▾ ✗ checkout[\s\S]*q quit/)
    expect(readFileSync(join(folder, 'told'), 'utf8')).toBe(`+call cursor(5,3) ${folder}/src/charge.ts\n`)
    terminal.press('q')
    await expectRestored(terminal, '$ ')
  })
})
