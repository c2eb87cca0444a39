import { describe, expect, test } from 'vitest'
import type { Project } from '../project.ts'
import { BUILDERS } from './builders.ts'
import { bundledProject } from './bundled-project.ts'
import { originalStack } from './original-stack.ts'

const TREE = `\
registering src/shop.ts:5:10
main src/main.ts:10:16
  Shop.checkout src/shop.ts:23:9
    Shop.priced src/shop.ts:30:10
      Shop.price src/shop.ts:41:3
        Shop.price › known.pear src/shop.ts:42:57
      Shop.price src/shop.ts:41:3
  Button src/button.tsx:8:17
    element src/button.tsx:4:10
  exports.legacy src/legacy.cjs:5:27
    double src/legacy.cjs:1:10
  act src/actions.ts:4:23
  late src/late.ts:2:21
  Shop.names src/shop.ts:37:4`

const CALLERS = ['src/shop.ts:49:7', 'src/main.ts:15:28']

/** Where what is thrown was made, and who called, as in the sources. */
const STACKS: Readonly<Record<string, readonly string[]>> = {
  throw: ['src/failures.ts:9:35', ...CALLERS],
  call: ['src/failures.ts:10:94', ...CALLERS],
  nested: ['src/failures.ts:11:42', 'src/failures.ts:11:14', ...CALLERS],
}

/** Oxc's minifier has no position for `new`: the next is that of the class. Without span-tree it is the same. */
const STACKS_OF_OXC = {
  ...STACKS,
  throw: ['src/failures.ts:9:39', ...CALLERS],
  nested: ['src/failures.ts:11:46', 'src/failures.ts:11:14', ...CALLERS],
}

/** Terser has none for `await`, by which V8 knows the callers: with and without span-tree they are near, not exact. */
const STACKS_OF_TERSER = Object.fromEntries(
  Object.entries(STACKS).map(([how, stack]) => [how, stack.slice(0, -CALLERS.length)]),
)

const MINIFIED: Readonly<Record<string, typeof STACKS>> = {
  vite: STACKS_OF_OXC,
  rolldown: STACKS_OF_OXC,
  webpack: STACKS_OF_TERSER,
}

/** That a bundle cannot keep them, which is true; Rollup also complains of its other plugins' maps then. */
const ABOUT_DIRECTIVES = /module level directive|Error when using sourcemap for reporting/i

const CASES = Object.keys(BUILDERS).flatMap(name => [
  { name, mode: 'as it is', minify: false, stacks: STACKS },
  { name, mode: 'minified', minify: true, stacks: MINIFIED[name] ?? STACKS },
])

describe.each(CASES)('$name, $mode', ({ name, minify, stacks }) => {
  test('one source, one tree; stacks lead back through the map of the bundle', async () => {
    const project = bundledProject()
    const { directory } = project
    const build = BUILDERS[name]!
    const plain = await build({ directory, minify, plain: true })
    const plainStacks = await stacksOf(project, plain.file)
    const { file, warnings } = await build({ directory, minify })
    const { stdout, stderr, traces } = await project.node([file], { SPAN_TREE: 'json' })
    expect(warnings.filter(text => !ABOUT_DIRECTIVES.test(text))).toEqual([])
    expect({ stdout: stdout.trim(), stderr: stderr.trim() }).toEqual({
      stdout: 'EUR 5 checkout <b>buy</b> 4 save! 3 PEAR,FIG',
      stderr: '',
    })
    expect(traces).toBe(TREE)
    const exact = (found: Readonly<Record<string, string[]>>): object =>
      Object.fromEntries(Object.entries(found).map(([how, stack]) => [how, stack.slice(0, stacks[how]!.length)]))
    expect(exact(plainStacks)).toEqual(stacks)
    expect(exact(await stacksOf(project, file))).toEqual(stacks)
  })
})

async function stacksOf(project: Project, file: string): Promise<Readonly<Record<string, string[]>>> {
  const stacks = Object.keys(STACKS).map(async FAIL => {
    const { stdout } = await project.node([file], { SPAN_TREE: 'off', FAIL })
    return [FAIL, originalStack(stdout, project.directory)] as const
  })
  return Object.fromEntries(await Promise.all(stacks))
}
