/** Runs generated programs in a process of its own, whose unhandled rejections are nobody else's. */
import { configure } from '../../runtime/configure.ts'
import { writeProgram } from './program-writer.ts'
import { renderers } from './renderers.ts'
import { compareRuns, type Observed } from './run-program.ts'

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
  const difference = differenceOf(
    plain.map(one => one.entries),
    instrumented.entries,
  )
  const [{ entries }] = plain as [Observed]
  return {
    ...(difference !== undefined && { difference }),
    entries: entries.length,
    invalid: entries.length === 1 && /^0 failed: SyntaxError/.test(entries[0] as string),
    program: program.code,
    instrumented: code,
  }
}

function differenceOf(plain: readonly (readonly string[])[], instrumented: readonly string[]): string | undefined {
  const most = Math.max(instrumented.length, ...plain.map(entries => entries.length))
  for (let i = 0; i < most; i++) {
    if (plain.some(entries => entries[i] === instrumented[i])) continue
    const before = instrumented.slice(Math.max(0, i - 2), i)
    return [...before, ...plain.map(entries => `plain:        ${entries[i]}`), `instrumented: ${instrumented[i]}`].join(
      '\n  ',
    )
  }
  return undefined
}
