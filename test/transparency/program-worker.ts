/** Runs generated programs in a process of its own, whose unhandled rejections are nobody else's. */
import { configure } from '../../runtime/configure.ts'
import { writeProgram } from './program-writer.ts'
import { renderers } from './renderers.ts'
import { compareRuns } from './run-program.ts'

export interface Request {
  readonly numbers: readonly number[]
  readonly renderer: string
}

export interface Answer {
  /** The first entries that differ, with a few before them; undefined when the program cannot tell. */
  readonly difference?: string
  readonly entries: number
  /** It does not parse: the writer's fault. */
  readonly invalid: boolean
  readonly ownFrames: number
  readonly program: string
  readonly instrumented: string
}

const LIMITS = [10, 100, 1, 3, 0]

configure({ exporters: [{ export: tree => void JSON.stringify(tree.root) }], waitForTasks: 0 })
process.on('message', (request: Request) => {
  void answer(request).then(
    answered => process.send?.(answered),
    error => {
      console.error(error)
      process.exit(1)
    },
  )
})

async function answer({ numbers, renderer: name }: Request): Promise<Answer> {
  const program = writeProgram(numbers)
  const renderer = renderers.find(one => one.name === name)!
  const limit = LIMITS[(numbers[0] ?? 0) % LIMITS.length] as number
  const { plain, instrumented, code } = await compareRuns(program, renderer, limit)
  const [a, b] = [plain.entries, instrumented.entries]
  const at = a.findIndex((entry, i) => entry !== b[i])
  const same = at < 0 && a.length === b.length
  const from = Math.max(0, (at < 0 ? Math.min(a.length, b.length) : at) - 2)
  const excerpt = (entries: readonly string[]): string => entries.slice(from, from + 6).join('\n    ')
  return {
    ...(!same && { difference: `plain:\n    ${excerpt(a)}\n  instrumented:\n    ${excerpt(b)}` }),
    entries: a.length,
    invalid: a.length === 1 && /^0 failed: SyntaxError/.test(a[0] as string),
    ownFrames: instrumented.ownFrames,
    program: program.code,
    instrumented: code,
  }
}
