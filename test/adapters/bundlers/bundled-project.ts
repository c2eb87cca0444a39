import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createProject, type Project } from '../project.ts'

const SOURCES = fileURLToPath(new URL('../../projects/bundled/', import.meta.url))

/** A package of the project's that is none of its own code. */
const PADDER = {
  'node_modules/padder/package.json':
    '{ "name": "padder", "version": "1.0.0", "type": "module", "exports": "./index.js" }',
  'node_modules/padder/index.js': `/** @span */
export function pad(text) { return [...text].join('').padEnd(10, '.') }
`,
}

/** The application that every bundler builds, in a directory of its own. */
export function bundledProject(more: Readonly<Record<string, string>> = {}): Project {
  const names = readdirSync(SOURCES, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
  const files = names.map(({ parentPath, name }) => {
    const path = join(parentPath, name)
    return [path.slice(SOURCES.length), readFileSync(path, 'utf8')] as const
  })
  return createProject({ ...Object.fromEntries(files), ...PADDER, ...more }, ['span-tree'])
}
