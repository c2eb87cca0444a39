import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { DIAGNOSTICS } from '../../transformer/diagnostics.ts'
import { ROOT } from '../support/imports.ts'

const page = readFileSync(join(ROOT, 'docs/diagnostics.md'), 'utf8')
const rows = page
  .split('\n')
  .filter(line => line.startsWith('| SPT'))
  .map(line => line.slice(2, -2).split(' | '))

test('every diagnostic is on the page, as it reads, and says what to do', () => {
  const documented = rows.map(([code, severity, template]) => [code, severity, template])
  expect(documented).toEqual(
    Object.entries(DIAGNOSTICS).map(([code, { severity, template }]) => [code, severity, template]),
  )
  expect(rows.filter(row => row.length !== 4 || row[3] === '')).toEqual([])
})
