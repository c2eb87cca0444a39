import ts from 'typescript'
import { expect, test, vi } from 'vitest'
import spanTree from '../../transformer/adapters/ts-patch.ts'

const FILE = '/project/src/app.ts'

interface Emitted {
  readonly code: string
  /** Errors of the build. */
  readonly errors: readonly string[]
  /** Lines on standard error. */
  readonly printed: string
}

/** Emits one file with entries of the plugin, in order. */
function emit(source: string, entries: readonly object[], options: ts.CompilerOptions = {}): Emitted {
  const compilerOptions: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    noLib: true,
    configFilePath: '/project/tsconfig.json',
    ...options,
  }
  let code = ''
  const host: ts.CompilerHost = {
    ...ts.createCompilerHost(compilerOptions),
    getSourceFile: (name, target) => (name === FILE ? ts.createSourceFile(name, source, target, true) : undefined),
    fileExists: name => name === FILE,
    writeFile: (_, text) => {
      code = text
    },
  }
  const program = ts.createProgram([FILE], compilerOptions, host)
  const errors: string[] = []
  const addDiagnostic = (each: ts.Diagnostic): number =>
    errors.push(ts.flattenDiagnosticMessageText(each.messageText, ''))
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  try {
    const before = entries.map(entry => spanTree(program, entry, { ts, addDiagnostic }))
    program.emit(undefined, undefined, undefined, undefined, { before })
    return { code, errors, printed: write.mock.calls.map(([line]) => line).join('') }
  } finally {
    write.mockRestore()
  }
}

const SOURCE = `
import { Type, value, Level } from './other.js'
const enum Size { Small = 3 }
export function f(a: Type): number { return Math.max(Size.Small, value(a)) }
`

test('paths and globs are relative to the directory of the tsconfig', () => {
  const { code, errors, printed } = emit(SOURCE, [{ include: ['src/**'] }])
  expect({ errors, printed }).toEqual({ errors: [], printed: '' })
  expect(code).toContain("$st_sites('src/app.ts', import.meta.url, [['f', 'function', 4, 17, { p: ['a'] }]])")
})

test('what TypeScript knows about the nodes of the source holds: elided imports, constant enums', () => {
  const { code } = emit(SOURCE, [{ include: ['src/**'] }])
  expect(code).toContain("import { value } from './other.js'")
  expect(code).toContain('Math.max(3 /* Size.Small */, value(a))')
})

test('a second entry of the plugin does not instrument again', () => {
  const first = { include: ['src/**'] }
  const once = emit(SOURCE, [first])
  expect(emit(SOURCE, [first, first])).toEqual(once)
  expect(emit(SOURCE, [first, { include: ['**'] }])).toEqual({
    ...once,
    errors: ['span-tree: span-tree/transformer is listed twice: only the first entry counts; make them one'],
  })
})

test('what is wrong with the configuration is an error, said once a program', () => {
  const wrong = { include: 'src/**', minDuraton: 3, type: 'program', import: 'default' }
  const { errors } = emit(SOURCE, [wrong, wrong])
  expect(errors).toMatchInlineSnapshot(`
    [
      "span-tree: option 'include' must be an array of globs, not 'src/**': it is ignored",
      "span-tree: unknown option 'minDuraton': did you mean 'minDuration'?",
    ]
  `)
})

test('without a configuration only annotations count', () => {
  const { code } = emit('export function f() { return Date.now() }\n/** @span */\nexport function g() {}', [{}])
  expect(code).toContain("[['g', 'function', 3, 17]]")
})

test('the format is that of the emitted code', () => {
  const { CommonJS, ES2015, Preserve } = ts.ModuleKind
  const formats = [CommonJS, ES2015, Preserve].map(module => emit(SOURCE, [{ include: ['**'] }], { module }).code)
  expect(formats.map(code => /import {.*span-tree|require\('span-tree/.exec(code)?.[0].slice(0, 7))).toEqual([
    'require',
    'import ',
    'import ',
  ])
})
