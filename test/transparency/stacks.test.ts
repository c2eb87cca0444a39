import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping'
import { expect, test } from 'vitest'
import type { InstrumentOptions } from '../../transformer/options.ts'
import { createProject } from '../adapters/project.ts'
import { ast, type Rendered, type Renderer, text } from './renderers.ts'

const SOURCES = fileURLToPath(new URL('../projects/stacks/', import.meta.url))
const PROGRAM = readFileSync(`${SOURCES}program.mjs`, 'utf8')
const MAIN = readFileSync(`${SOURCES}main.mjs`, 'utf8')
const OPTIONS: InstrumentOptions = {
  ...{ filename: '/app/program.mjs', root: '/app', format: 'module' },
  ...{ include: ['**'], skipTrivial: false },
}

/** Frames by the way in which the error came, from the innermost on. */
type Stacks = Readonly<Record<string, readonly string[]>>

/** Runs the program; what stacks say of it is looked up in its map. */
async function stacksOf({ code, map }: Rendered): Promise<Stacks> {
  const project = createProject({ 'program.mjs': code, 'main.mjs': MAIN }, ['span-tree'])
  const { stdout, stderr } = await project.node(['main.mjs'], { SPAN_TREE: 'json' })
  expect(stderr).toBe('')
  const stacks = JSON.parse(stdout) as Record<string, string>
  const trace = map === null ? undefined : new TraceMap(map)
  return Object.fromEntries(Object.entries(stacks).map(([way, stack]) => [way, framesOf(stack, trace)]))
}

const POSITION = /program\.mjs:(\d+):(\d+)/

function framesOf(stack: string, map: TraceMap | undefined): readonly string[] {
  const frames = stack.split('\n').filter(line => line.startsWith('    at '))
  return frames.map(frame => {
    const [, line, column] = POSITION.exec(frame) ?? []
    if (!map || line === undefined) return frame.trim()
    const original = originalPositionFor(map, { line: Number(line), column: Number(column) - 1 })
    return frame.replace(POSITION, `program.mjs:${original.line}:${(original.column ?? -1) + 1}`).trim()
  })
}

function differences(expected: Stacks, found: Stacks): readonly string[] {
  return Object.keys(expected).filter(way => expected[way]!.join('\n') !== found[way]?.join('\n'))
}

async function compared(renderer: Renderer): Promise<{ plain: Stacks; printed: Stacks; instrumented: Stacks }> {
  const [plain, printed, instrumented] = await Promise.all([
    stacksOf({ code: PROGRAM, map: null }),
    stacksOf(renderer.plain(PROGRAM, OPTIONS)),
    stacksOf(renderer.instrumented(PROGRAM, OPTIONS)),
  ])
  expect(Object.keys(plain).length).toBeGreaterThan(270)
  return { plain, printed, instrumented }
}

test('every frame of a stack stands where it did, by the text renderer', async () => {
  const { plain, instrumented } = await compared(text)
  expect(differences(plain, instrumented)).toEqual([])
})

test("every frame of a stack stands where it did, by TypeScript's printer", async () => {
  const { plain, printed, instrumented } = await compared(ast)
  const wrong = differences(plain, instrumented)
  // TypeScript's own maps have no place for operators.
  const excused = wrong.filter(way => !differences(printed, instrumented).includes(way))
  expect(excused.length).toBeLessThan(11)
  expect(wrong.filter(way => !excused.includes(way))).toEqual([])
})
