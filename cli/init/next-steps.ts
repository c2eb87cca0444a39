import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { ProjectFacts } from './project-facts.ts'

/** Commands that install what is missing. */
export function installs(facts: ProjectFacts, compiles: boolean): readonly string[] {
  const { typeScript = 0, uses } = facts
  const development: string[] = []
  if (compiles && typeScript < 7 && !uses('ts-patch')) development.push(`ts-patch@${typeScript < 6 ? 3 : 4}`)
  return [
    ...(uses('span-tree') ? [] : [install(facts, ['span-tree'], false)]),
    ...(development.length > 0 ? [install(facts, development, true)] : []),
  ]
}

function install({ packageManager }: ProjectFacts, names: readonly string[], development: boolean): string {
  const command = packageManager === 'npm' ? 'npm install' : `${packageManager} add`
  const flag = packageManager === 'npm' ? ' --save-dev' : ' -D'
  return `${command}${development ? flag : ''} ${names.join(' ')}`
}

/** Where programs begin, by custom. */
const ENTRIES = ['main', 'index', 'server', 'app', 'cli'].flatMap(name =>
  ['ts', 'mts', 'js', 'mjs', 'tsx'].flatMap(end => [`src/${name}.${end}`, `${name}.${end}`]),
)

/** The command that prints the first tree. */
export function firstTree({ directory, manifest, packageManager }: ProjectFacts): string {
  const run = { npm: 'npx', pnpm: 'pnpm exec', yarn: 'yarn', bun: 'bunx' }[packageManager]
  const script = ['start', 'dev'].find(name => manifest.scripts?.[name] !== undefined)
  if (script) {
    const start = packageManager === 'npm' && script === 'start' ? 'npm start' : `${packageManager} run ${script}`
    return `${run} span-tree run -- ${start}`
  }
  const entry = ENTRIES.find(path => existsSync(join(directory, path)))
  return `${run} span-tree run ${entry ?? '-- node <your program>'}`
}
