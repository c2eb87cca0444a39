import type { ErrorGroup } from '../../store/trace-store.ts'
import type { Marks, Severity } from '../../store/triage.ts'
import type { AnnotateFlags } from '../query/annotate-group.ts'
import type { Key } from './keys.ts'
import { TOP } from './scroll.ts'
import { type ErrorsView, loading, noticed, type Prompt, type State, type Step, step, withView } from './state.ts'
import { fieldOf } from './text-field.ts'

const SEVERITIES: Readonly<Record<Key, Severity>> = { O: 'OK', W: 'WARN', A: 'ALERT' }
const PROMPTS: Readonly<Record<Key, Prompt['kind']>> = { n: 'note', d: 'resolve', z: 'archive', m: 'merge' }

/** Marks of a group of errors; those that it has already are taken away again. */
export function triageKey(state: State, view: ErrorsView, key: Key): Step | undefined {
  if (key === 'a') return loading(withView(state, { ...view, all: !view.all, scroll: TOP }))
  const group = view.rows[view.scroll.cursor]
  const kind = PROMPTS[key]
  const flags = group && flagsOf(key, group)
  if (flags === undefined && kind === undefined) return undefined
  if (group === undefined) return step(noticed(state, 'There is no error to mark'))
  // What was merged into it last is what comes out of it.
  const id = flags?.unmerge ? group.merged.at(-1)! : group.id
  if (flags) return step(state, { kind: 'mark', namespace: state.namespace, group: id, flags })
  return step({
    ...state,
    prompt: { kind: kind!, field: fieldOf(kind === 'note' ? (group.note ?? '') : ''), group: group.id },
  })
}

function flagsOf(key: Key, { marks, merged }: ErrorGroup): AnnotateFlags | undefined {
  const severity = SEVERITIES[key]
  if (severity !== undefined) return severity === marks.severity ? withoutSeverity(marks) : { severity }
  switch (key) {
    case 'c':
      return { crash: !marks.crash }
    case 'x':
      return { silence: !marks.silenced }
    case 'o':
      return { reopen: true }
    case 'u':
      return { undo: true }
    case 'M':
      return merged.length > 0 ? { unmerge: true } : undefined
    default:
      return undefined
  }
}

function withoutSeverity({ crash = false, silenced = false }: Marks): AnnotateFlags {
  return { clear: true, crash, silence: silenced }
}
