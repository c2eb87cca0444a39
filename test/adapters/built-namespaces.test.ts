import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { transform } from 'esbuild'
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript'
import { transformWithOxc } from 'vite'
import { afterAll, expect, test } from 'vitest'
import { instrumentBuilt } from '../../transformer/adapters/built-file.ts'

/** What compilers make of the first four is what somebody has written by hand in the last two. */
const SOURCE = `export namespace Shop {
  export namespace Inner { export const sell = (n: number): number => Math.abs(n) }
  export function buy(): number { return Math.abs(1) }
}
export class Box {}
export namespace Box { export function make(): Box { return Object(new Box()) } }
namespace A.B { export function deep(): number { return Math.abs(2) } }
enum Color { Red = [1].map(n => Math.abs(n)).length }
let Hand: any
;(function (Hand) { Math.abs(3); Hand.sell = function () { return Math.abs(1) } })(Hand || (Hand = {}))
let Made: any
;(function (made) { Math.abs(3); made.sell = function () { return Math.abs(1) } })(Made || (Made = {}))
export { A, Color, Hand, Made }
`

const NAMES = [
  'Shop.Inner.sell 2',
  'Shop.buy 3',
  'Box.make 6',
  'A.B.deep 7',
  'Color.<anonymous @ map> 8',
  '<iife> 10',
  '<iife> › Hand.sell 10',
  '<iife> 12',
  '<iife> › made.sell 12',
]

const directory = realpathSync(mkdtempSync(join(tmpdir(), 'span-tree-built-')))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

interface Built {
  readonly code: string
  readonly map: object
}

function byTypeScript(module: ModuleKind): Built {
  const compilerOptions = { module, target: ScriptTarget.ES2022, sourceMap: true }
  const { outputText, sourceMapText = '' } = transpileModule(SOURCE, { fileName: 'shop.ts', compilerOptions })
  return { code: outputText.replace(/\/\/# sourceMappingURL.*\s*$/, ''), map: JSON.parse(sourceMapText) as object }
}

const BUILDS: Readonly<Record<string, () => Built | Promise<Built>>> = {
  'TypeScript, ES modules': () => byTypeScript(ModuleKind.ESNext),
  'TypeScript, CommonJS': () => byTypeScript(ModuleKind.CommonJS),
  async esbuild() {
    const { code, map } = await transform(SOURCE, { loader: 'ts', sourcemap: true, sourcefile: 'shop.ts' })
    return { code, map: JSON.parse(map) as object }
  },
  async oxc() {
    const { code, map } = await transformWithOxc(SOURCE, 'shop.ts', { sourcemap: true })
    return { code, map: { ...map, sources: ['shop.ts'] } }
  },
}

function sites({ code, map }: Built, sourcesContent: readonly string[] | undefined): readonly string[] {
  const data = Buffer.from(JSON.stringify({ ...map, sourcesContent })).toString('base64')
  const text = `${code}\n//# sourceMappingURL=data:application/json;base64,${data}\n`
  const options = { root: directory, include: ['**'] }
  // esbuild has renamed one.
  const { sites, diagnostics } = instrumentBuilt(text, join(directory, 'shop.js'), options)
  expect(diagnostics).toEqual([])
  return sites.map(({ name, line }) => `${name.replace('Hand2', 'Hand')} ${line}`)
}

test.each(Object.entries(BUILDS))(
  '%s: namespaces are none of the functions, what looks like them is',
  async (_, build) => {
    const built = await build()
    expect(sites(built, [SOURCE])).toEqual(NAMES)
    writeFileSync(join(directory, 'shop.ts'), SOURCE)
    expect(sites(built, undefined)).toEqual(NAMES)
    rmSync(join(directory, 'shop.ts'))
    // Without the source the names have to do: what is named like a namespace is taken for one.
    const guessed = sites(built, undefined)
    expect(guessed).toContain('Shop.buy 3')
    expect(guessed).toContain('Hand.sell 10')
    expect(guessed).toContain('<iife> › made.sell 12')
  },
)
