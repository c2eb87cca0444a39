import type { AnnotateFlags } from '../query/annotate-group.ts'
import { onlyCommand, runCommand } from './commands.ts'
import { parsedQuery } from './filter.ts'
import type { Key } from './keys.ts'
import { isPage, isTable } from './layout.ts'
import { currentView, noticed, type Prompt, type State, type Step, step, withView } from './state.ts'
import { withFilter } from './table-keys.ts'
import { fieldOf, type TextField, typedInto } from './text-field.ts'
import { onRow } from './trace-keys.ts'
import { nextMatch } from './trace-search.ts'

/** What keys do while the line at the bottom is written. */
export function promptKey(state: State, prompt: Prompt, key: Key): Step {
  const { text } = prompt.field
  if (key === 'escape' || ((key === 'backspace' || key === 'delete') && text === '')) return abandoned(state, prompt)
  if (key === 'enter') return entered(closed(state), prompt, text.trim())
  const field = key === 'tab' ? completed(prompt) : typedInto(prompt.field, key)
  if (field === undefined) return step(state)
  const next = { ...state, prompt: { ...prompt, field } }
  return prompt.kind === 'query' && field.text !== text ? queried(next, field.text) : step(next)
}

/** The command that the line begins. */
function completed({ kind, field }: Prompt): TextField | undefined {
  const command = kind === 'command' && field.text !== '' ? onlyCommand(field.text) : undefined
  return command === undefined ? undefined : fieldOf(`${command} `)
}

function closed({ prompt: _, ...state }: State): State {
  return state
}

function abandoned(state: State, { kind, before = '', field }: Prompt): Step {
  const next = closed(state)
  return kind === 'query' && field.text !== before ? queried(next, before) : step(next)
}

function entered(state: State, { kind, group }: Prompt, text: string): Step {
  if (kind === 'query') return step(state)
  if (kind === 'command') return runCommand(state, text)
  const flags = flagsOf(kind, text)
  if (flags === undefined || group === undefined) return step(noticed(state, 'Nothing was changed'))
  return step(state, { kind: 'mark', namespace: state.namespace, group, flags })
}

function flagsOf(kind: Exclude<Prompt['kind'], 'query' | 'command'>, text: string): AnnotateFlags | undefined {
  switch (kind) {
    case 'note':
      return { note: text }
    case 'resolve':
      return { resolve: text || true }
    case 'archive':
      return { archive: text || 'forever' }
    case 'merge':
      return /^[1-9]\d*$/.test(text) ? { merge: Number(text) } : undefined
  }
}

/** What is written is looked for at once. */
function queried(state: State, text: string): Step {
  const view = currentView(state)
  if (isTable(view)) return withFilter(state, view, parsedQuery(text, view.filter))
  if (isPage(view)) return step(state)
  const document = view.asked.value
  const searched = { ...view, search: text.trim() }
  const from = view.visible?.rows[view.scroll.cursor] ?? 0
  // The row itself may be what is looked for.
  const found = document && searched.search !== '' ? nextMatch(document, searched.search, from - 1, 1) : undefined
  return step(withView(state, document && found !== undefined ? onRow(searched, document, found) : searched))
}
