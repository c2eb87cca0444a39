import type { Key } from './keys.ts'

/** Where one is in a list: the row that is chosen, and the first that is on the screen. */
export interface Scroll {
  readonly cursor: number
  readonly top: number
}

export const TOP: Scroll = { cursor: 0, top: 0 }

/** Rows that stay visible before and behind the chosen one, where there are any. */
const MARGIN = 2

/** Brought into a list of `count` rows of which `height` are on the screen. */
export function within({ cursor, top }: Scroll, count: number, height: number): Scroll {
  const at = Math.max(0, Math.min(cursor, count - 1))
  const margin = Math.min(MARGIN, Math.max(0, (height - 1) >> 1))
  const least = at - height + 1 + margin
  const most = at - margin
  const first = Math.max(Math.min(top, most), least)
  return { cursor: at, top: Math.max(0, Math.min(first, count - height)) }
}

/** Where a key leads to; undefined where it is none that moves. */
export function moved(scroll: Scroll, key: Key, count: number, height: number): Scroll | undefined {
  const cursor = target(scroll.cursor, key, count, height)
  return cursor === undefined ? undefined : within({ cursor, top: scroll.top }, count, height)
}

function target(cursor: number, key: Key, count: number, height: number): number | undefined {
  switch (key) {
    case 'j':
    case 'down':
      return cursor + 1
    case 'k':
    case 'up':
      return cursor - 1
    case 'g':
    case 'home':
      return 0
    case 'G':
    case 'end':
      return count - 1
    case 'ctrl-d':
      return cursor + Math.ceil(height / 2)
    case 'ctrl-u':
      return cursor - Math.ceil(height / 2)
    case 'ctrl-f':
    case 'pagedown':
      return cursor + height
    case 'ctrl-b':
    case 'pageup':
      return cursor - height
    default:
      return undefined
  }
}
