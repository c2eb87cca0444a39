import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { COMPILERS, CompiledProject, type Compiler, TYPESCRIPT_5, TYPESCRIPT_6 } from './compilers.ts'

const SILENT = { status: 0, stdout: '', stderr: '' }

// Loading it ends the program: only types come from it, so that the compiler leaves the import out.
const NEVER = `export interface Named { readonly name: string }
throw new Error('loaded')
`

const ALSO = `import 'reflect-metadata'
import './main.js'
import type { Items } from './types.js'
import { Named } from './never.js'
import { Base } from './shop.js'

const noted: string[] = []
const record = (target: object, key: string): void => {
  const types = Reflect.getMetadata('design:paramtypes', target, key) as readonly ({ name: string } | undefined)[] | undefined
  noted.push(key, ...(types ?? []).map(type => type?.name ?? 'unknown'))
}

export class Till extends Base {
  constructor(private readonly drawer: Map<string, number>, readonly owner: string) { super(owner) }

  @record
  total(items: Items): number { return items.reduce((sum, item) => sum + this.put(item.name, item.price), 0) }

  @record
  put(name: string, price: number): number { this.drawer.set(name, price); return this.drawer.get(name) ?? 0 }

  @record
  greet(whom: Named, till?: Till): string { return [this.owner, whom.name, till?.owner].join() }
}

const till = new Till(new Map(), 'till')
console.log(till.total([{ name: 'a', price: 2 }]), till.greet({ name: 'you' }), noted.join())
`

interface Variant {
  readonly name: string
  readonly options: Readonly<Record<string, unknown>>
  readonly type: 'module' | 'commonjs'
}

const VARIANTS: readonly Variant[] = [
  {
    name: 'ES modules: declarations and their maps, inline sources, isolated modules, a lower target',
    type: 'module',
    options: {
      ...{ declaration: true, declarationMap: true, stripInternal: true, isolatedModules: true, target: 'es2015' },
      ...{ sourceMap: true, inlineSources: true, sourceRoot: '', lib: ['es2023'], noUnusedLocals: false },
    },
  },
  {
    name: 'CommonJS: metadata of decorators, inline maps, composite',
    type: 'commonjs',
    options: {
      ...{ emitDecoratorMetadata: true, sourceMap: false, inlineSourceMap: true, inlineSources: true },
      ...{ composite: true, esModuleInterop: true, removeComments: true, useDefineForClassFields: false },
    },
  },
]

describe.each(COMPILERS)('TypeScript $version', compiler => {
  test.each(VARIANTS)('$name', async variant => {
    const [plain, instrumented] = [project(compiler, variant), project(compiler, variant)]
    plain.configure({ plugins: undefined })
    expect(await Promise.all([plain.compilePlain(), instrumented.compile()])).toEqual([SILENT, SILENT])
    const ours = /\.span-tree\.tsbuildinfo$/
    expect(instrumented.files().filter(path => !ours.test(path))).toEqual(plain.files())
    expect(instrumented.contents('out/**/*.d.*ts*')).toEqual(plain.contents('out/**/*.d.*ts*'))
    // What it prints has the positions of errors in it.
    const [without, traced] = await Promise.all([plain.run('out/also.js'), instrumented.run('out/also.js')])
    expect(traced.lines).toEqual(without.lines)
    expect(without.trees).toEqual([])
    expect(traced.trees.join('\n')).toContain('Till.total src/also.ts#Till.total Till.total:method:src/also.ts:17:3')
    expect(sourcesOf(instrumented)).toEqual(sourcesOf(plain))
  })
})

test.each([TYPESCRIPT_5, TYPESCRIPT_6])('TypeScript $version: noEmitOnError', async compiler => {
  const [plain, instrumented] = [project(compiler, VARIANTS[0]!), project(compiler, VARIANTS[0]!)]
  for (const each of [plain, instrumented]) each.edit('src/main.ts', 'deep.nested', 'deep.missing')
  plain.configure({ plugins: undefined })
  const flag = '--noEmitOnError'
  const [without, ours] = await Promise.all([plain.compilePlain(flag), instrumented.compile(flag)])
  expect(ours).toEqual(without)
  expect({ status: ours.status, files: instrumented.files() }).toEqual({ status: 1, files: [] })
})

function project(compiler: Compiler, { type, options }: Variant): CompiledProject {
  const made = new CompiledProject('corpus', compiler)
  made.edit('package.json', 'module', type)
  made.configure(options)
  made.write('src/never.ts', NEVER)
  made.write('src/also.ts', ALSO)
  return made
}

interface Map {
  readonly file: string
  readonly sources: readonly string[]
  readonly sourceRoot?: string
  readonly sourcesContent?: readonly string[]
}

/** What the maps say of their sources: the text is the author's, whatever the compiler was given. */
function sourcesOf(made: CompiledProject): readonly Map[] {
  return made.files('out/*.js').map(path => {
    const data = /sourceMappingURL=data:[^,]*,(\S+)/.exec(made.read(path))?.[1]
    const text = data === undefined ? made.read(`${path}.map`) : Buffer.from(data, 'base64').toString()
    const { file, sources, sourceRoot, sourcesContent } = JSON.parse(text) as Map
    const own = join(made.directory, 'src', path.replace(/^out.(.*)\.js$/, '$1.ts'))
    expect(sourcesContent).toEqual([made.read(own.slice(made.directory.length + 1))])
    return { file, sources, ...(sourceRoot !== undefined && { sourceRoot }) }
  })
}
