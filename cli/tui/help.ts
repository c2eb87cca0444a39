import { styles } from '../../runtime/exporters/colours.ts'
import { type Line, wrapBehind } from '../../runtime/exporters/line.ts'
import { COMMANDS } from './commands.ts'
import { muted, plain, strong } from './look.ts'

type Keys = readonly (readonly [keys: string, does: string])[]

const SECTIONS: readonly (readonly [title: string, keys: Keys])[] = [
  [
    'Everywhere',
    [
      ['j k ↓ ↑', 'a row down, up'],
      ['g G Home End', 'the first, the last'],
      ['Ctrl-D Ctrl-U', 'half a screen down, up; Ctrl-F Ctrl-B and PgDn PgUp a whole one'],
      ['Enter', 'open'],
      ['Esc', 'back; clears the query first'],
      ['1 2 3 Tab', 'traces, errors, slow; the next of them'],
      ['0', 'namespaces'],
      ['/', 'query line; in a trace: search'],
      [':', 'command line'],
      ['s', 'sort by the next column'],
      ['f', 'follow what is recorded, or stand still'],
      ['r', 'ask again'],
      ['y', 'copy the id'],
      ['?', 'these keys'],
      ['Ctrl-Z', 'to the shell; fg comes back'],
      ['q Ctrl-C', 'leave'],
    ],
  ],
  [
    'Traces',
    [
      ['e c o R', 'only errors, crashes, those that went well, those that run; again: not only those'],
      ['S F', 'only slow, only fast ones'],
      ['a', 'all'],
      ['t', 'the time that one looks at'],
      ['/app=shop tea', 'a tag, and words: of the name, or in the traces of a list'],
    ],
  ],
  [
    'In a trace',
    [
      ['h l ← →', 'fold or to the parent; unfold or to the first below'],
      ['Space', 'fold, unfold'],
      ['z', 'all folded, all unfolded, only groups folded'],
      ['J K', 'the next, the previous beside it'],
      ['p', 'the parent'],
      ['n N', 'the next, the previous error; of a search: match'],
      ['D I W E C', 'show or hide debug, info, warning, error, critical'],
      ['a', 'all levels'],
      ['Enter', 'all about the row; on a link (⇢) the other trace'],
      ['e', 'open the place in $EDITOR'],
      ['t', 'the groups of its error, to mark them'],
      ['v', 'the pane below, or more of the tree'],
      ['y Y', 'copy the id of the trace, the place'],
    ],
  ],
  [
    'Errors: what is marked holds for what arrives from then on',
    [
      ['O W A', 'OK (of no account), WARN, ALERT; again: none'],
      ['c', 'crash: the trace is lost by it'],
      ['x', 'silenced: not to be shown, and no failure'],
      ['n', 'a note'],
      ['d', 'done: resolved, now or in a version'],
      ['z', 'archived: for ever, until it escalates, until 100 more, for 7d'],
      ['o', 'neither resolved nor archived'],
      ['m M', 'merge into another group; take out again what was merged last'],
      ['u', 'undo'],
      ['a', 'also archived, resolved and silenced ones'],
    ],
  ],
]

const KEYS_WIDTH = 15

export function helpLines(width: number): Line[] {
  const commands = COMMANDS.map(({ names, words = '', does }) => [`:${names[0]} ${words}`.trim(), does] as const)
  return [...SECTIONS, ['Commands', commands] as const].flatMap(([title, keys], i): Line[] => [
    ...(i > 0 ? [[]] : []),
    [strong(title)],
    ...keys.flatMap(([key, does]) => keyLines(key, does, width)),
  ])
}

function keyLines(key: string, does: string, width: number): Line[] {
  const head = `  ${key.padEnd(KEYS_WIDTH)} `
  const indent = KEYS_WIDTH + 3
  if (key.length <= KEYS_WIDTH)
    return wrapBehind([{ text: head, style: styles.own }], does, styles.plain, width, 4, indent)
  return [[{ text: head, style: styles.own }], [plain(' '.repeat(indent)), muted(does)]]
}
