/**
 * Packages whose own tests ship with them: with every function of package and tests instrumented through
 * `node --import span-tree/register`, what becomes of each test must be the same. `npm run proof:packages [-- name …]`.
 */
import { reportComparison } from './suites/outcomes.ts'
import { comparePackage, PACKAGE_SUITES } from './suites/package-suites.ts'

const wanted = process.argv.slice(2)
for (const suite of PACKAGE_SUITES) {
  if (wanted.length > 0 && !wanted.includes(suite.name)) continue
  const same = reportComparison(`${suite.name} (${suite.format})`, await comparePackage(suite))
  if (!same) process.exitCode = 1
}
