/** Writes docs/transparency.md: `npm run transparency`. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../support/imports.ts'
import { writeDocument } from '../transparency/probes/document.ts'
import { judgeAll } from '../transparency/probes/matrix.ts'

writeFileSync(join(ROOT, 'docs/transparency.md'), writeDocument(await judgeAll()))
