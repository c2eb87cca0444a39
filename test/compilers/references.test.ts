import { statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { CLI, COMPILERS, CompiledProject, TYPESCRIPT_6, TYPESCRIPT_7 } from './compilers.ts'

const SILENT = { status: 0, stdout: '', stderr: '' }

test.each(COMPILERS)('TypeScript $version: a build of projects that refer to one another', async compiler => {
  const [plain, instrumented] = [
    new CompiledProject('references', compiler),
    new CompiledProject('references', compiler),
  ]
  plain.edit('tsconfig.base.json', '"transform"', '"name"')
  expect(await Promise.all([plain.compilePlain('-b'), instrumented.compile('-b')])).toEqual([SILENT, SILENT])
  expect(instrumented.contents('*/out/*.d.*')).toEqual(plain.contents('*/out/*.d.*'))
  const { lines, trees } = await instrumented.run('app/out/main.js')
  expect(lines).toEqual(['12.35 €'])
  // Each project has its own root.
  expect(trees).toEqual([
    'inCents src/price.ts#inCents inCents:function:src/price.ts:7:17',
    'shown src/main.ts#shown shown:function:src/main.ts:3:10',
  ])
})

test('TypeScript 7.1: what is up to date is not written again, but after a change of the options', async () => {
  const project = new CompiledProject('references', TYPESCRIPT_7)
  expect(await project.compile('-b')).toEqual(SILENT)
  const written = timesOf(project)
  expect(await project.compile('--build')).toEqual(SILENT)
  expect(timesOf(project)).toEqual(written)
  project.edit('tsconfig.base.json', '"src/**"', '"src/price.ts"')
  expect(await project.compile('-b')).toEqual({
    ...SILENT,
    stderr:
      "tsconfig.base.json:10:69 - warning SPT2003: the pattern 'src/price.ts' matches no file: " +
      'patterns are relative to <project>/app\n',
  })
  expect((await project.run('app/out/main.js')).trees).toHaveLength(1)
  expect((await project.compile('-b', '--clean')).status).toBe(0)
  expect(project.files('*/out/**/*.js')).toEqual([])
})

test('TypeScript 7.1: where the compiler has to write JavaScript itself, it is replaced', async () => {
  const project = new CompiledProject('references', TYPESCRIPT_7)
  project.edit('app/tsconfig.json', '"composite": true, ', '')
  expect(await project.compile('-b', '--verbose')).toMatchObject({ status: 0, stderr: '' })
  expect(project.files('app/out/*')).toEqual(['app/out/main.js', 'app/out/main.js.map'])
  expect((await project.run('app/out/main.js')).trees).toHaveLength(2)
})

test('TypeScript 6: an incremental build says when files are left from other options; span-tree tsc leaves none', async () => {
  const project = new CompiledProject('references', TYPESCRIPT_6)
  const build = ['-p', 'core']
  expect(await project.compile(...build)).toEqual(SILENT)
  project.write('core/src/more.ts', 'export const more = (): number => Math.random()\n')
  expect(await project.compile(...build)).toEqual(SILENT)
  project.edit('tsconfig.base.json', '"src/**"]', '"src/**"], "minDuration": 5')
  project.write('core/src/more.ts', 'export const other = (): number => Math.random()\n')
  const warning = {
    ...SILENT,
    stderr:
      "core/tsconfig.tsbuildinfo - warning SPT3003: the plugin's options have changed since the last complete build: " +
      'files that did not change keep their old instrumentation; delete core/tsconfig.tsbuildinfo, or build with ' +
      '--force\n',
  }
  expect(await project.compile(...build)).toEqual(warning)
  expect(await project.compile('-b', 'core', '--force')).toEqual(SILENT)
  expect(project.read('core/out/price.js')).toContain('minDuration: 5')
  project.edit('tsconfig.base.json', '"minDuration": 5', '"minDuration": 7')
  const anew = 'core/tsconfig.tsbuildinfo was of a build with other options of the plugin: building anew\n'
  expect(await project.node([CLI, 'tsc', ...build])).toEqual({ ...SILENT, stderr: anew })
  expect(project.read('core/out/price.js')).toContain('minDuration: 7')
  expect(await project.node([CLI, 'tsc', '-b', 'core'])).toEqual(SILENT)
})

function timesOf(project: CompiledProject): readonly number[] {
  return project.files('*/out/*').map(path => statSync(join(project.directory, path)).mtimeMs)
}
