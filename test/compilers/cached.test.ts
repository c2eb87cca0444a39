import { expect, test } from 'vitest'
import { COUNTING_PARSER, PARSER_SPY } from '../adapters/counting-parser.ts'
import { CompiledProject, TYPESCRIPT_6, TYPESCRIPT_7 } from './compilers.ts'

test.each([TYPESCRIPT_6, TYPESCRIPT_7])(
  'TypeScript $version: what has not changed is not parsed again',
  async compiler => {
    const project = new CompiledProject('esm', compiler)
    for (const [path, text] of Object.entries(COUNTING_PARSER)) project.write(path, text)
    const compile = async (...args: readonly string[]): Promise<{ parsed: string; code: object }> => {
      project.remove('out')
      const command = ['--import', PARSER_SPY, ...compiler.command, ...args]
      const { status, stdout, stderr } = await project.node(command, { COUNT: '1' })
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
      return { parsed: stdout.trim(), code: project.contents('out/**/*.*') }
    }
    const first = await compile()
    expect(first.parsed).toBe('3 parsed')
    expect(first.code).toMatchObject({ 'out/payments.js': expect.stringContaining('verify') })
    expect(await compile()).toEqual({ parsed: '0 parsed', code: first.code })
    project.write('src/payments.ts', `${project.read('src/payments.ts')}\nexport const more = () => Math.random()\n`)
    const more = await compile()
    expect(more.parsed).toBe('1 parsed')
    expect(more.code).toMatchObject({ 'out/payments.js': expect.stringContaining('more') })
    project.edit('tsconfig.json', '["src/**"]', '["src/**"], "functions": ["!more"]')
    expect((await compile()).parsed).toBe('3 parsed')
  },
)
