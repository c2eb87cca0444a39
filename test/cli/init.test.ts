import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { initProject } from '../../cli/init/init-project.ts'
import { withPluginCall } from '../../cli/init/plugin-call.ts'
import { withPlugin } from '../../cli/init/tsconfig-plugin.ts'
import { createProject, type Project } from '../adapters/project.ts'

const TSCONFIG = `{
  // What the team agreed on.
  "compilerOptions": {
    "target": "es2022", /* not older */
    "module": "nodenext",
    "types": [],
    "rootDir": "src",
    "outDir": "dist",
  },
  "include": ["src"],
}
`
const LIBRARY = {
  'package.json': `{
  "name": "shop",
  "type": "module",
  "scripts": { "build": "tsc -p . && echo built", "check": "tsc --noEmit", "start": "node dist/main.js" },
  "devDependencies": { "typescript": "^6.0.0" }
}
`,
  'tsconfig.json': TSCONFIG,
  'src/main.ts': 'function main(): number { return Number(1) }\nconsole.log(main())\n',
}

function read(project: Project, path: string): string {
  return readFileSync(join(project.directory, path), 'utf8')
}

test('shows the change as a diff, and changes nothing unless told to', async () => {
  const project = createProject(LIBRARY)
  const { stdout, code } = await project.cli(['init'])
  expect(code).toBe(0)
  expect(stdout).toMatchInlineSnapshot(`
    "shop  npm, TypeScript 6

    --- /dev/null
    +++ span-tree.config.json
    @@ -0,0 +1,9 @@
    +{
    +  "include": [
    +    "src/**"
    +  ],
    +  "exclude": [
    +    "**/*.{test,spec}.*",
    +    "**/__tests__/**"
    +  ]
    +}

    --- tsconfig.json
    +++ tsconfig.json
    @@ -1,6 +1,7 @@
     {
       // What the team agreed on.
       "compilerOptions": {
    +    "plugins": [{ "transform": "span-tree/transformer" }],
         "target": "es2022", /* not older */
         "module": "nodenext",
         "types": [],

    --- package.json
    +++ package.json
    @@ -1,6 +1,6 @@
     {
       "name": "shop",
       "type": "module",
    -  "scripts": { "build": "tsc -p . && echo built", "check": "tsc --noEmit", "start": "node dist/main.js" },
    +  "scripts": { "build": "tspc -p . && echo built", "check": "tsc --noEmit", "start": "node dist/main.js" },
       "devDependencies": { "typescript": "^6.0.0" }
     }

    Nothing was changed. To apply this: span-tree init --yes

    To install:
      npm install span-tree
      npm install --save-dev ts-patch@4

    The first tree:
      npx span-tree run -- npm start
    "
  `)
  for (const [path, text] of Object.entries(LIBRARY)) expect(read(project, path)).toBe(text)
  expect(existsSync(join(project.directory, 'span-tree.config.json'))).toBe(false)
})

test('colours the diff where colours are wanted', async () => {
  const { stdout } = await createProject(LIBRARY).cli(['init'], { FORCE_COLOR: '1', NO_COLOR: undefined })
  expect(stdout).toContain('\u001B[32m+    "plugins": [{ "transform": "span-tree/transformer" }],\u001B[39m')
})

test('applied, the project compiles, and the first command prints a tree', async () => {
  const project = createProject(LIBRARY, ['typescript', 'ts-patch', 'span-tree'])
  const { stdout } = await project.cli(['init', '--yes'])
  expect(stdout).toContain('Changed: span-tree.config.json, tsconfig.json, package.json')
  expect(read(project, 'package.json')).toContain('"build": "tspc -p . && echo built", "check": "tsc --noEmit"')
  expect(read(project, 'tsconfig.json')).toContain('// What the team agreed on.')
  const compiled = await project.node(['node_modules/ts-patch/bin/tspc.js'])
  expect({ stdout: compiled.stdout + compiled.stderr, code: compiled.code }).toEqual({ stdout: '', code: 0 })
  const command = /The first tree:\n {2}npx span-tree (.*)\n/.exec(stdout)?.[1]
  expect(command).toBe('run -- npm start')
  const run = await project.cli(['run', '--format', 'json', '--', 'node', 'dist/main.js'])
  expect(run.traces).toBe('main src/main.ts:1:10')
})

test('again: there is nothing to change', async () => {
  const project = createProject({ ...LIBRARY, 'vite.config.ts': 'export default { build: {} }\n' })
  await project.cli(['init', '-y'])
  const { stdout, code } = await project.cli(['init', '-y'])
  expect(code).toBe(0)
  expect(stdout).toContain('Everything is set up: there is nothing to change.')
  expect(stdout).not.toContain('+++')
  expect(read(project, 'tsconfig.json').match(/span-tree/g)).toHaveLength(1)
})

test('asks a person, who may say no', async () => {
  const project = createProject(LIBRARY)
  const answers = [false, true]
  const asked: string[] = []
  const said: string[] = []
  const request = {
    directory: project.directory,
    yes: false,
    ask: async (question: string) => {
      asked.push(question)
      return answers[asked.length - 1] as boolean
    },
    print: (line: string) => said.push(line),
  }
  expect(await initProject(request)).toBe(0)
  expect(existsSync(join(project.directory, 'span-tree.config.json'))).toBe(false)
  expect(await initProject(request)).toBe(0)
  expect(existsSync(join(project.directory, 'span-tree.config.json'))).toBe(true)
  expect(asked).toEqual(['Apply these 3 changes?', 'Apply these 3 changes?'])
})

test('what it can only tell of is told: esbuild, jest, Next, a configuration that it cannot read', async () => {
  const { stdout } = await createProject({
    'package.json': '{ "dependencies": { "next": "16" }, "devDependencies": { "esbuild": "1", "jest": "30" } }',
    'pnpm-lock.yaml': '',
    'next.config.mjs': 'export default {}\n',
    'jest.config.cjs': 'module.exports = {}\n',
    'rollup.config.mjs': "export { default } from './shared.mjs'\n",
    'app/page.tsx': '',
  }).cli(['init'])
  expect(stdout).toContain('+  "include": [\n+    "app/**"\n+  ],')
  expect(stdout.slice(stdout.indexOf('By hand:'))).toMatchInlineSnapshot(`
    "By hand:
      rollup.config.mjs: add spanTree() to its plugins (import { spanTree } from 'span-tree/rollup')
      esbuild: add spanTree() of span-tree/esbuild to the plugins of its build (node_modules/span-tree/docs/setup.md)
      jest.config.cjs (node_modules/span-tree/docs/setup.md):
        "transform": { "\\\\.[cm]?[jt]sx?$": "span-tree/jest" },
        "transformIgnorePatterns": ["/node_modules/(?!span-tree/)"]
      next.config.mjs, webpack(config, { isServer, nextRuntime }): if (isServer && nextRuntime === 'nodejs') config.plugins.push(spanTree()) (span-tree/webpack; node_modules/span-tree/docs/setup.md)

    To install:
      pnpm add span-tree

    The first tree:
      pnpm exec span-tree run -- node <your program>
    "
  `)
})

test('TypeScript 7 is compiled by span-tree tsc', async () => {
  const manifest = LIBRARY['package.json'].replace('^6.0.0', '7.1.0')
  const project = createProject({ ...LIBRARY, 'package.json': manifest })
  await project.cli(['init', '--yes'])
  expect(read(project, 'package.json')).toContain('"build": "span-tree tsc -p . && echo built"')
  expect(read(project, 'tsconfig.json')).toBe(TSCONFIG)
  expect((await project.cli(['init', '--yes'])).stdout).toContain('nothing to change')
})

test('without a project', async () => {
  const { stdout, code } = await createProject({ 'a.js': '' }).cli(['init'])
  expect({ stdout, code }).toEqual({ stdout: 'No package.json here that can be read: npm init makes one.\n', code: 1 })
})

describe('a tsconfig keeps all that it has', () => {
  const ENTRY = '{ "transform": "span-tree/transformer" }'
  test.each([
    ['{}', `{ "compilerOptions": { "plugins": [${ENTRY}] } }`],
    ['{ "compilerOptions": {} }', `{ "compilerOptions": { "plugins": [${ENTRY}] } }`],
    ['{ "compilerOptions": { "strict": true } }', `{ "compilerOptions": { "plugins": [${ENTRY}], "strict": true } }`],
    ['{"compilerOptions":{"strict":true}}', `{"compilerOptions":{ "plugins": [${ENTRY}], "strict":true}}`],
    [
      '{\n\t"compilerOptions": { // why\n\t\t/* how */ "strict": true,\n\t},\n}\n',
      `{\n\t"compilerOptions": { // why\n\t\t"plugins": [${ENTRY}],\n\t\t/* how */ "strict": true,\n\t},\n}\n`,
    ],
    ['{ "extends": "./base.json" }', `{ "compilerOptions": { "plugins": [${ENTRY}] }, "extends": "./base.json" }`],
    [
      '{ "compilerOptions": { "plugins": [{ "name": "other" }] } }',
      `{ "compilerOptions": { "plugins": [${ENTRY}, { "name": "other" }] } }`,
    ],
    [
      '{ "compilerOptions": {\n    "plugins": [\n      { "name": "other" }, // theirs\n    ]\n} }',
      `{ "compilerOptions": {\n    "plugins": [\n      ${ENTRY},\n      { "name": "other" }, // theirs\n    ]\n} }`,
    ],
  ])('%j', (before, after) => {
    expect(withPlugin(before)).toBe(after)
    expect(withPlugin(after)).toBe(after)
  })

  test('or is left to people', () => {
    expect(withPlugin('not JSON {')).toBeUndefined()
    expect(withPlugin('{ "compilerOptions": { "plugins": "none" } }')).toBeUndefined()
  })
})

describe("a bundler's configuration keeps all that it has", () => {
  test.each([
    [
      "import { defineConfig } from 'vite';\n\nexport default defineConfig({\n  // first\n  plugins: [react()],\n});\n",
      "import { defineConfig } from 'vite';\nimport { spanTree } from 'span-tree/vite';\n\nexport default defineConfig({\n  // first\n  plugins: [spanTree(), react()],\n});\n",
    ],
    [
      'import { defineConfig } from "vite"\nexport default defineConfig(({ mode }) => {\n  return {\n    root: mode,\n  }\n})\n',
      'import { defineConfig } from "vite"\nimport { spanTree } from "span-tree/vite"\nexport default defineConfig(({ mode }) => {\n  return {\n    plugins: [spanTree()],\n    root: mode,\n  }\n})\n',
    ],
    [
      '// ours\nconst config = { build: {} }\nexport default config satisfies UserConfig\n',
      "// ours\nimport { spanTree } from 'span-tree/vite'\n\nconst config = { plugins: [spanTree()], build: {} }\nexport default config satisfies UserConfig\n",
    ],
    [
      "const path = require('path')\nmodule.exports = { entry: path.resolve('a') }\n",
      "const { spanTree } = require('span-tree/vite')\nconst path = require('path')\nmodule.exports = { plugins: [spanTree()], entry: path.resolve('a') }\n",
    ],
    ['export default {}\n', "import { spanTree } from 'span-tree/vite'\n\nexport default { plugins: [spanTree()] }\n"],
  ])('%j', (before, after) => {
    expect(withPluginCall(before, 'vite.config.ts', 'span-tree/vite')).toBe(after)
    expect(withPluginCall(after, 'vite.config.ts', 'span-tree/vite')).toBe(after)
  })

  test.each(['export default load()\n', 'export default { plugins: ours }\n', 'export default {\n'])(
    'or is left to people: %j',
    text => expect(withPluginCall(text, 'vite.config.ts', 'span-tree/vite')).toBeUndefined(),
  )
})
