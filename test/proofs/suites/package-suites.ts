import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { toolchain } from '../../support/toolchain.ts'
import { type Comparison, compareRuns, outcomesOf, type SuiteRun } from './outcomes.ts'
import { runNode } from './run-node.ts'
import { tapTests } from './tap.ts'
import { REPOSITORY, readSpans, type WorkFolder, workFolder } from './work-folder.ts'

/** The packages, and what their tests need. */
const DEPENDENCIES = {
  'abstract-level': '3.1.1',
  avvio: '9.3.1',
  bl: '7.0.13',
  cborg: '6.1.5',
  'deep-equal': '2.2.3',
  fastq: '1.20.3',
  minimist: '1.2.8',
  qs: '6.17.1',
  chai: '6.2.2',
  'es-value-fixtures': '1.7.1',
  'for-each': '0.3.5',
  'has-bigints': '1.1.0',
  'has-override-mistake': '1.0.1',
  'has-property-descriptors': '1.0.2',
  'has-proto': '1.2.0',
  'has-symbols': '1.1.0',
  'has-typed-arrays': '1.0.1',
  'iconv-lite': '0.5.2',
  'ipld-garbage': '5.0.0',
  'is-buffer': '2.0.5',
  mocha: '12.0.2',
  'mock-property': '1.1.2',
  'object-inspect': '1.13.4',
  'object.getownpropertydescriptors': '2.1.8',
  'safer-buffer': '2.1.2',
  semver: '6.3.1',
  tape: '5.10.2',
}

export interface PackageSuite {
  readonly name: string
  readonly format: 'CommonJS' | 'ESM'
  /** Arguments of `node`, in the package's folder, that run its tests and write TAP. */
  run(modules: string): readonly string[]
  /** Arguments that leave out what takes many seconds. */
  readonly brief?: readonly string[]
  /** Files that are left as they are, though everything else is instrumented. */
  readonly exclude?: readonly string[]
}

const tape =
  (files: string) =>
  (modules: string): readonly string[] => [join(modules, 'tape/bin/tape'), files]

export const PACKAGE_SUITES: readonly PackageSuite[] = [
  { name: 'qs', format: 'CommonJS', run: tape('test/**/*.js') },
  { name: 'deep-equal', format: 'CommonJS', run: tape('test/**/*.js') },
  { name: 'minimist', format: 'CommonJS', run: tape('test/**/*.js') },
  { name: 'fastq', format: 'CommonJS', run: tape('test/*.js') },
  { name: 'abstract-level', format: 'CommonJS', run: () => ['test/self.js'] },
  {
    name: 'avvio',
    format: 'CommonJS',
    // Without the tests of timeouts: they give a plugin 10 ms of the clock, on a busy machine too little for any.
    run: () => [
      '--test',
      '--test-isolation=none',
      '--test-reporter=tap',
      'test/!(*timeout*).test.js',
      'test/*/*.test.js',
    ],
    // avvio names a nameless plugin after its first lines, from `toString`: these two tests compare that text.
    exclude: ['test/lib/get-plugin-name.test.js', 'test/plugin-name.test.js'],
  },
  { name: 'bl', format: 'ESM', run: () => ['test/test.js'] },
  {
    name: 'cborg',
    format: 'ESM',
    run: modules => [join(modules, 'mocha/lib/cli/cli.js'), '--reporter=tap', 'test/test-*.js'],
    brief: ['--exclude=test/test-length.js'],
  },
]

/** A package's own tests, plain and with every function of the package and of its tests instrumented as Node loads it. */
export async function comparePackage(suite: PackageSuite, brief = false): Promise<Comparison> {
  const modules = realpathSync(join(toolchain('package-suites', { dependencies: DEPENDENCIES }), 'node_modules'))
  using folder = workFolder(join(modules, suite.name), [modules])
  const run = [...suite.run(modules), ...((brief && suite.brief) || [])]
  const plain = await runSuite(run, folder, {})
  const imports = ['dist/transformer/adapters/register.js', 'test/proofs/suites/count-spans.ts'].map(
    file => `--import=${pathToFileURL(join(REPOSITORY, file)).href}`,
  )
  const { exclude = [] } = suite
  const options = { root: folder.directory, include: ['**'], exclude, skipTrivial: false }
  const instrumented = await runSuite([...imports, ...run], folder, {
    PROOF_SPANS: folder.spansFile,
    SPAN_TREE_OPTIONS: JSON.stringify(options),
  })
  return compareRuns(plain, instrumented)
}

async function runSuite(parameters: readonly string[], folder: WorkFolder, env: NodeJS.ProcessEnv): Promise<SuiteRun> {
  const { stdout, stderr, code } = await runNode(parameters, folder.directory, env)
  const tests = [...tapTests(stdout)]
  if (tests.length === 0) throw new Error(`${parameters.join(' ')}: no test ran\n${stdout}${stderr}`)
  const outcomes = outcomesOf([...tests, ['exit code', code === '0' ? 'ok' : `${code}\n${stderr}`]])
  return { outcomes, spans: readSpans(folder) }
}
