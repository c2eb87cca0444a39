/** How the examples are run, for the demo and the tests; in the repository's root, with `node_modules/.bin` on the path. */

export const COMPILE: readonly string[] = ['tspc', '-p', 'examples/test-trace']

/** With source maps, so that tracebacks and spans begun by hand name the TypeScript. */
export const TEST_TRACE: readonly string[] = ['node', '--enable-source-maps', 'examples/test-trace/dist/main.js']

/** What builds zod's schemas, what parses by them, and nothing that took less than a fiftieth of a millisecond. */
export const INSTRUMENT_A_LIBRARY: readonly string[] = [
  'node',
  'dist/cli/main.js',
  'run',
  ...['--include', 'examples/instrument-a-library/**'],
  ...['--include', 'node_modules/zod/src/**'],
  ...['--functions', '{validateLock,lockSchema,readJson,parse,object,looseObject,record,union,array,literal,string}'],
  ...['--functions', '**{.parse,generateFastpass}'],
  ...['--min-duration', '20us'],
  ...['--', 'node', '--conditions=@zod/source', 'examples/instrument-a-library/validate-lock.ts'],
]

/** Two processes with threads publish to a receiver, which keeps what they send in that file. */
export const TWO_PROCESSES: readonly string[] = ['node', 'examples/two-processes/publish.ts']

/** Where the demo keeps what it records: beside what it compiles. */
export const DATABASE = 'examples/test-trace/dist/demo.db'

/** What was kept. */
export const TRACES: readonly string[] = [
  'node',
  'dist/cli/main.js',
  'traces',
  '--table',
  '--limit',
  '10',
  '--db',
  DATABASE,
]
export const ERRORS: readonly string[] = ['node', 'dist/cli/main.js', 'errors', '--table', '--db', DATABASE]
