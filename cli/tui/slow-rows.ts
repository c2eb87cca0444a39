import { styles } from '../../runtime/exporters/colours.ts'
import { formatDuration } from '../../runtime/exporters/duration.ts'
import type { Piece } from '../../runtime/exporters/line.ts'
import { milliseconds } from '../query/moment.ts'
import { duration } from '../query/slow-report.ts'
import { countText, muted, plain, strong } from './look.ts'
import { MOMENT_WIDTH, shortMoment } from './moments.ts'
import type { SlowRow } from './state.ts'
import type { Column } from './table-rows.ts'

/** The three tables of what is slow, in columns that are theirs in common. */
type Cells = readonly [name: Piece, about: Piece, first: Piece, second: Piece, third: Piece]

export const REGRESSIONS = 'Slower than before'
export const SLOW_CALLS = 'Slow calls'
export const FUNCTIONS = 'Functions'

const TITLES: Readonly<Record<string, readonly [about: string, ...figures: string[]]>> = {
  [REGRESSIONS]: ['Version', 'Before', 'Now', 'Times'],
  [SLOW_CALLS]: ['Began', 'Usually', 'p99', 'Took'],
  [FUNCTIONS]: ['Calls', 'p50', 'p99', 'In sum'],
}

export const SLOW_COLUMNS: readonly Column<SlowRow>[] = [
  { title: '', width: 'rest', most: 72, piece: (row, now) => cellsOf(row, now)[0] },
  { title: '', width: MOMENT_WIDTH, from: 64, piece: (row, now) => cellsOf(row, now)[1] },
  { title: '', width: 8, align: 'right', from: 48, piece: (row, now) => cellsOf(row, now)[2] },
  { title: '', width: 8, align: 'right', piece: (row, now) => cellsOf(row, now)[3] },
  { title: '', width: 8, align: 'right', piece: (row, now) => cellsOf(row, now)[4] },
]

function cellsOf(row: SlowRow, now: number): Cells {
  switch (row.kind) {
    case 'title': {
      const [about = '', first = '', second = '', third = ''] = TITLES[row.title] ?? []
      return [strong(row.title), muted(about), muted(first), muted(second), muted(third)]
    }
    case 'regression': {
      const { name, version, before, now: after } = row.regression
      const times = { text: `× ${(after / Math.max(before, 1)).toPrecision(2)}`, style: styles.slow }
      return [plain(`  ${name}`), muted(version), plain(duration(before)), plain(duration(after)), times]
    }
    case 'span': {
      const { name, start, p50, p99, duration: took } = row.span
      const began = muted(shortMoment(milliseconds(start), now))
      const long = { text: formatDuration(took), style: styles.slow }
      return [plain(`  ${name}`), began, plain(formatDuration(p50)), plain(formatDuration(p99)), long]
    }
    case 'function': {
      const { name, count, p50, p99, total } = row.latency
      return [
        plain(`  ${name}`),
        muted(countText(count)),
        plain(duration(p50)),
        plain(duration(p99)),
        plain(duration(total)),
      ]
    }
  }
}
