/**
 * `npm run bench:ingest`: all that is measured of keeping spans, one after the other: straight into SQLite and asked meanwhile (`run.ts`),
 * then from HTTP to committed, and at rest (`http.ts`). `-- --write` puts it into docs/benchmarks.md.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

for (const name of ['run.ts', 'http.ts']) {
  const program = fileURLToPath(new URL(name, import.meta.url))
  const { status } = spawnSync(process.execPath, ['--no-warnings', program, ...process.argv.slice(2)], {
    stdio: 'inherit',
  })
  if (status !== 0) process.exit(status ?? 1)
}
