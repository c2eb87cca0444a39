/**
 * Makes this repository one of its own installed packages. Node finds `span-tree` by the name in package.json; ts-patch
 * looks for a transformer in `node_modules` only, and there the examples shall find what a user of theirs would.
 */
import { existsSync, symlinkSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const link = fileURLToPath(new URL('../node_modules/span-tree', import.meta.url))
if (!existsSync(link)) symlinkSync('..', link, 'junction')
