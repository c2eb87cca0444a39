import { isCharacter, type Key } from './keys.ts'

/** A line of text that is being written, and where in it the next character goes. */
export interface TextField {
  readonly text: string
  readonly at: number
}

export function fieldOf(text: string): TextField {
  return { text, at: text.length }
}

/** What a key makes of it; undefined where it is none that writes. As in a shell: Ctrl-A, E, U, W, K. */
export function typedInto(field: TextField, key: Key): TextField | undefined {
  const { text, at } = field
  const [before, behind] = [text.slice(0, at), text.slice(at)]
  if (isCharacter(key)) return { text: before + key + behind, at: at + key.length }
  switch (key) {
    case 'left':
    case 'ctrl-b':
      return { text, at: at - lastCharacter(before).length }
    case 'right':
    case 'ctrl-f':
      return { text, at: at + ([...behind][0]?.length ?? 0) }
    case 'home':
    case 'ctrl-a':
      return { text, at: 0 }
    case 'end':
    case 'ctrl-e':
      return fieldOf(text)
    case 'backspace':
    case 'ctrl-h':
      return kept(before.slice(0, at - lastCharacter(before).length), behind)
    case 'delete':
      // What many terminals send for the key above Enter; forward deletion has Ctrl-K.
      return kept(before.slice(0, at - lastCharacter(before).length), behind)
    case 'ctrl-u':
      return kept('', behind)
    case 'ctrl-k':
      return kept(before, '')
    case 'ctrl-w':
      return kept(before.replace(/\S+\s*$/, ''), behind)
    default:
      return undefined
  }
}

function kept(before: string, behind: string): TextField {
  return { text: before + behind, at: before.length }
}

function lastCharacter(text: string): string {
  return [...text].at(-1) ?? ''
}
