/**
 * zod's own tests, which its package ships: with every function of zod and of the tests instrumented through
 * `span-tree/vite`, the same ones must pass, test by test. `npm run proof:zod [-- part of a file's name …]`.
 */
import { reportComparison } from './suites/outcomes.ts'
import { compareZod, zodTools } from './suites/zod-suite.ts'

const same = reportComparison('zod', await compareZod(process.argv.slice(2), [zodTools()]))
process.exitCode = same ? 0 : 1
