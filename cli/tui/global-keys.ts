import type { Key } from './keys.ts'
import { goBack, openNamespaces, openNextTab, openTab, TABS } from './navigation.ts'
import { helpView, loading, noticed, pushed, type State, type Step, step, type View } from './state.ts'
import { fieldOf } from './text-field.ts'

/** What keys do in whatever view; undefined for those that do nothing. */
export function globalKey(state: State, view: View, key: Key): Step | undefined {
  switch (key) {
    case 'q':
      return step(state, { kind: 'quit' })
    case 'escape':
    case 'backspace':
    case 'delete':
      return goBack(state)
    case '?':
      return view.kind === 'help' ? goBack(state) : pushed(state, helpView)
    case ':':
      return step({ ...state, prompt: { kind: 'command', field: fieldOf('') } })
    case 'tab':
      return openNextTab(state, 1)
    case 'shift-tab':
      return openNextTab(state, -1)
    case '0':
      return openNamespaces(state)
    case 'r':
    case 'ctrl-r':
    case 'ctrl-l':
      return loading(state)
    case 'f':
      return step(
        noticed({ ...state, follow: !state.follow }, state.follow ? 'Stands still' : 'Follows what is recorded'),
      )
    default:
      return digit(state, key)
  }
}

function digit(state: State, key: Key): Step | undefined {
  const tab = /^[1-9]$/.test(key) ? TABS[Number(key) - 1] : undefined
  return tab && openTab(state, tab)
}
