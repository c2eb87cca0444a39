import { expect, test } from 'vitest'
import { createProject, type Project } from '../project.ts'
import { BUILDERS } from './builders.ts'

/**
 * What compilers put behind `super()`: parameter properties, and, where fields are assigned and not defined, fields. In an
 * instrumented constructor `super()` is inside a `try`.
 */
const MAIN = `const notes: unknown[] = []
function note(what: unknown): number { return notes.push(what) }
class Base {
  constructor(name: string) { note('base ' + name) }
  set late(value: string) { note('set ' + value) }
}
class Shop extends Base {
  size = this.name?.length ?? note('no name yet')
  late = 'late'
  #sold = note(new Error('sold').stack?.split('\\n')[1]);
  ['computed'] = 1
  constructor(readonly name: string, private open = note('default')) {
    note('before')
    super(name.trim())
    note([this.name, this.size, this.open, this.#sold, Object.keys(this)])
  }
}
new Shop('corner ')
console.log(notes.join('\\n'))
`

const SERVER = `import { spanTree } from 'span-tree/vite'
import { createServer } from 'vite'
const server = await createServer({ server: { middlewareMode: true, ws: false }, plugins: [spanTree()] })
await server.ssrLoadModule('/src/main.ts')
await server.close()
`

/** What is read in a field's initialiser, where fields are defined as in JavaScript, and where they are assigned. */
const PRINTED = {
  defined: ['no name yet', 'corner ,4,1,5,name,open,size,late,computed'],
  assigned: ['set late', 'corner ,7,1,5,name,open,size,computed'],
}

const TREES = {
  defined: `\
note src/main.ts:2:10
new Shop src/main.ts:12:3
  note src/main.ts:2:10
  new Base src/main.ts:4:3
    note src/main.ts:2:10
  note src/main.ts:2:10
  note src/main.ts:2:10
  note src/main.ts:2:10`,
  assigned: `\
note src/main.ts:2:10
new Shop src/main.ts:12:3
  note src/main.ts:2:10
  new Base src/main.ts:4:3
    note src/main.ts:2:10
  Base.set late src/main.ts:5:7
    note src/main.ts:2:10
  note src/main.ts:2:10
  note src/main.ts:2:10`,
}

type Fields = keyof typeof TREES

function shop(fields: Fields): Project {
  const compilerOptions = { target: 'ES2022', module: 'ESNext', sourceMap: true }
  return createProject(
    {
      'package.json': '{ "type": "module" }',
      'tsconfig.json': JSON.stringify({
        compilerOptions: { ...compilerOptions, useDefineForClassFields: fields === 'defined' },
      }),
      'src/main.ts': MAIN,
      'server.mjs': SERVER,
    },
    ['span-tree', 'vite'],
  )
}

function expected(fields: Fields): string {
  const [early, late] = PRINTED[fields]
  return ['default', 'before', 'base corner', early, '<project>/src/main.ts:10:16', late].join('\n')
}

/** Without the name of the function that initialises: esbuild makes one of its own where `super()` is in a `try`. */
function withoutNames(printed: string): string {
  return printed.trim().replace(/^ +at .*\((.*)\)$/m, '$1')
}

// The builder for Rspack has its own settings.
const CASES = Object.keys(BUILDERS).flatMap(name => [
  { name, fields: 'defined' as const },
  ...(name === 'rspack' ? [] : [{ name, fields: 'assigned' as const }]),
])

test.each(CASES)('$name: fields $fields, in order, inside the span', async ({ name, fields }) => {
  const { directory, node } = shop(fields)
  const { file } = await BUILDERS[name]!({ directory })
  const { stdout, stderr, traces } = await node(['--enable-source-maps', file], { SPAN_TREE: 'json' })
  expect({ printed: withoutNames(stdout), stderr }).toEqual({ printed: expected(fields), stderr: '' })
  expect(traces).toBe(TREES[fields])
})

test("Vite's server", async () => {
  const { node } = shop('assigned')
  const { stdout, stderr, traces } = await node(['--enable-source-maps', 'server.mjs'], { SPAN_TREE: 'json' })
  expect({ printed: withoutNames(stdout), stderr }).toEqual({ printed: expected('assigned'), stderr: '' })
  expect(traces).toBe(TREES.assigned)
})
