import { Text, useApp, useInput, usePaste, useWindowSize } from 'ink'
import { createElement, type ReactElement, useEffect, useSyncExternalStore } from 'react'
import { keysOf } from './keys.ts'
import type { Program } from './program.ts'

type App = ReturnType<typeof useApp>

/** The program's frame, and its keys: all that ink is needed for. */
export function Screen({ program, onReady }: { program: Program; onReady: (app: App) => void }): ReactElement {
  const app = useApp()
  const { columns, rows } = useWindowSize()
  useSyncExternalStore(program.watch, program.state)
  useEffect(() => onReady(app), [app, onReady])
  useEffect(() => program.dispatch({ kind: 'resized', columns, rows }), [program, columns, rows])
  useInput((input, key) => program.press(keysOf(input, key)))
  // What is pasted is text: as keys it would do who knows what.
  usePaste(text => {
    if (program.state().prompt) program.press([...text.replace(/\s+/g, ' ')])
  })
  return createElement(Text, { wrap: 'truncate' }, program.frame())
}
