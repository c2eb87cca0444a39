import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { CLI, CompiledProject, TYPESCRIPT_6, TYPESCRIPT_7 } from './compilers.ts'

const SILENT = { status: 0, stdout: '', stderr: '' }

describe('span-tree tsc with TypeScript 7.1', () => {
  test('arguments are those of tsc; errors and exit codes are its own', async () => {
    const project = new CompiledProject('esm', TYPESCRIPT_7)
    project.write('src/wrong.ts', 'export const wrong: string = 7\n')
    for (const args of [
      ['--noEmitOnError'],
      ['--outDir', 'elsewhere', '--pretty'],
      ['-p', 'nowhere'],
      ['--nonsense'],
    ]) {
      const [own, ours] = [await project.compilePlain(...args), await project.compile(...args)]
      expect({ args, ...ours }).toEqual({ args, ...own })
      expect(own.status).not.toBe(0)
      expect(project.files()).toEqual([])
    }
    expect(project.read('elsewhere/payments.js')).toContain('"verify"')
    expect(project.read('elsewhere/payments.js.map')).toContain('"../src/payments.ts"')
  })

  test('where the options are wrong nothing is instrumented, and that is said', async () => {
    const project = new CompiledProject('esm', TYPESCRIPT_7)
    project.configure({ declarationDir: 'types', declaration: false, mapRoot: 'maps', sourceMap: false })
    const own = await project.compilePlain()
    const { stderr, ...ours } = await project.compile()
    expect({ ...ours, stderr: '' }).toEqual(own)
    expect(stderr).toBe(
      'tsconfig.json - error SPT3001: the compiler refuses the options of this project: ' +
        'nothing is instrumented until they are right\n',
    )
  })

  test('--watch: what changes is instrumented again; the options, too', async () => {
    const project = new CompiledProject('esm', TYPESCRIPT_7)
    const child = project.start([CLI, 'tsc', '--watch', '--preserveWatchOutput'])
    let output = ''
    child.stdout.on('data', chunk => (output += String(chunk)))
    const ended = once(child, 'exit')
    try {
      await expect.poll(() => project.files('out/payments.js').length > 0, PATIENTLY).toBe(true)
      expect(project.read('out/payments.js')).toContain('"verify"')
      project.write('src/payments.ts', `${project.read('src/payments.ts')}\nexport const more = () => Math.random()\n`)
      await expect.poll(() => project.read('out/payments.js'), PATIENTLY).toContain('"more"')
      project.edit('tsconfig.json', '["src/**"]', '["src/**"], "functions": ["!more"]')
      await expect.poll(() => project.read('out/payments.js'), PATIENTLY).not.toContain('"more"')
      expect(output).toContain('Found 0 errors. Watching for file changes.')
    } finally {
      child.kill('SIGTERM')
    }
    await ended
  })
})

const PATIENTLY = { timeout: 20_000, interval: 50 }

describe('span-tree tsc with other compilers', () => {
  test('6: runs ts-patch, or says what to install', async () => {
    const project = new CompiledProject('bare', TYPESCRIPT_6)
    expect(await project.node([CLI, 'tsc'])).toEqual(SILENT)
    expect((await project.run('src/main.js')).trees).toHaveLength(1)
    project.write('package.json', '{}')
    project.remove('node_modules/ts-patch')
    expect(await project.node([CLI, 'tsc', '-p', '.'])).toMatchInlineSnapshot(`
      {
        "status": 1,
        "stderr": "span-tree tsc: TypeScript 6.0.3 is instrumented by ts-patch, which this project does not have: npm install --save-dev ts-patch@4, then run this again, or tspc in place of tsc
      ",
        "stdout": "",
      }
    `)
  })

  test('7.0, and none at all: what to install', async () => {
    const project = new CompiledProject('bare', TYPESCRIPT_6)
    project.remove('node_modules/typescript')
    expect(await project.node([CLI, 'tsc'])).toMatchInlineSnapshot(`
      {
        "status": 1,
        "stderr": "span-tree tsc: this project has no TypeScript: npm install --save-dev typescript
      ",
        "stdout": "",
      }
    `)
    project.write('node_modules/typescript/package.json', '{ "name": "typescript", "version": "7.0.2" }')
    expect(await project.node([CLI, 'tsc'])).toMatchInlineSnapshot(`
      {
        "status": 1,
        "stderr": "span-tree tsc: TypeScript 7.0.2 has no API that could instrument: install 7.1 or newer (npm install --save-dev typescript@7.1.0-beta), or 6 with ts-patch
      ",
        "stdout": "",
      }
    `)
  })
})

describe('entries of the plugin that cannot work with ts-patch', () => {
  test.each([{ after: true }, { transformProgram: true }, { type: 'raw' }])('%j', async key => {
    const project = new CompiledProject('bare', TYPESCRIPT_6)
    project.configure({ types: [], skipLibCheck: true, plugins: [{ transform: 'span-tree/transformer', ...key }] })
    const { status, stdout, stderr } = await project.compile()
    const name = Object.keys(key)[0]
    expect(status).not.toBe(0)
    expect(stdout + stderr).toContain(
      `span-tree/transformer cannot work with '${name}': it is ignored; remove '${name}' from its entry`,
    )
  })
})
