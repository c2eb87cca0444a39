import { generatedPositionFor, originalPositionFor, TraceMap } from '@jridgewell/trace-mapping'
import ts from 'typescript'
import { expect, test } from 'vitest'
import { composeMaps, type FileMap } from '../../transformer/adapters/compose-maps.ts'
import { instrument } from '../../transformer/instrument.ts'

const SOURCE = `enum Size { Small = 1, Large = 2 }
interface Order { readonly size: Size }
export class Shop<T extends Order> {
  constructor(private readonly orders: T[]) {}
  async first(): Promise<T> { const found = await this.pick(0); return found }
  pick(index: number): T {
    const chosen = this.orders[index];       if (!chosen) throw new RangeError('none')
    return chosen
  }
}
export const count = (shop: Shop<Order>): number => Object.keys(shop).length
`

const instrumented = instrument(SOURCE, {
  filename: 'shop.ts',
  include: ['**'],
  format: 'module',
})
const compiled = ts.transpileModule(instrumented.code, {
  fileName: 'shop.ts',
  compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, sourceMap: true },
})
const first = instrumented.map as unknown as FileMap
const second = JSON.parse(compiled.sourceMapText as string) as FileMap

function positionOf(text: string, part: string): { line: number; column: number } {
  const before = text.slice(0, text.indexOf(part)).split('\n')
  return { line: before.length, column: (before.at(-1) as string).length }
}

const composed = new TraceMap({ version: 3, ...composeMaps(second, first) } as never)

test.each([
  'first()',
  'found =',
  'this.pick(0)',
  'pick(index',
  'chosen =',
  'throw new RangeError',
  "RangeError('none')",
  'count =',
  'Object.keys(shop)',
])('%s is found where it was written', part => {
  const original = originalPositionFor(composed, positionOf(compiled.outputText, part))
  expect({ line: original.line, column: original.column }).toEqual(positionOf(SOURCE, part))
})

test('no position leads anywhere that neither map knows', () => {
  const inner = new TraceMap({ version: 3, ...first } as never)
  const outer = new TraceMap({ version: 3, ...second } as never)
  for (const [index, text] of compiled.outputText.split('\n').entries()) {
    for (let column = 0; column < text.length; column++) {
      const between = originalPositionFor(outer, { line: index + 1, column })
      if (between.line === null) continue
      const { line, column: found } = originalPositionFor(inner, { line: between.line, column: between.column })
      expect(originalPositionFor(composed, { line: index + 1, column })).toMatchObject({ line, column: found })
    }
  }
  expect(generatedPositionFor(composed, { source: 'shop.ts', ...positionOf(SOURCE, 'throw') }).line).toBeGreaterThan(1)
})
