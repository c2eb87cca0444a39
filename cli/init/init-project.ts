import { writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import kleur from 'kleur'
import { projectRoot } from '../../transformer/adapters/program-files.ts'
import { unifiedDiff } from '../unified-diff.ts'
import type { Change } from './change.ts'
import { firstTree, installs } from './next-steps.ts'
import { type ProjectFacts, readFacts } from './project-facts.ts'
import { proposalsFor } from './proposals.ts'

export interface InitRequest {
  readonly directory: string
  /** Whether to go ahead without asking. */
  readonly yes: boolean
  /** Asks a person; undefined where nobody is there. */
  readonly ask: ((question: string) => Promise<boolean>) | undefined
  print(line: string): void
}

/**
 * Shows what setting span-tree up would change, and changes it if that is wanted. Returns the exit code: 1 where there is
 * no project.
 */
export async function initProject({ directory, yes, ask, print }: InitRequest): Promise<number> {
  const facts = readFacts(projectRoot(directory))
  if (!facts) {
    print('No package.json here that can be read: npm init makes one.')
    return 1
  }
  print(`${kleur.bold(facts.manifest.name ?? relative('..', facts.directory))}  ${kleur.dim(seen(facts))}\n`)
  const proposals = proposalsFor(facts)
  const changes = proposals.flatMap(({ change }) => change ?? [])
  for (const change of changes) print(diffOf(change))
  const applied = changes.length > 0 && (yes || ((await ask?.(question(changes))) ?? false))
  if (applied) for (const { path, after } of changes) writeFileSync(join(facts.directory, path), after)
  for (const line of outcome(changes, applied)) print(line)
  const advice = proposals.flatMap(({ advice }) => advice ?? [])
  if (advice.length > 0) print(`\nBy hand:\n${advice.map(each => `  ${each}`).join('\n')}`)
  printSteps(facts, changes, print)
  return 0
}

function seen({ typeScript, packageManager, pluginFiles, uses }: ProjectFacts): string {
  const tools = ['jest', 'next', 'webpack', 'esbuild'].filter(uses)
  const hosts = pluginFiles.map(({ host }) => host)
  const all = [packageManager, ...(typeScript ? [`TypeScript ${typeScript}`] : []), ...hosts, ...tools]
  return [...new Set(all)].join(', ')
}

function diffOf({ path, before, after }: Change): string {
  return unifiedDiff({ before: before === undefined ? '/dev/null' : path, after: path }, before ?? '', after)
}

function question(changes: readonly Change[]): string {
  return `Apply ${changes.length === 1 ? 'this change' : `these ${changes.length} changes`}?`
}

function outcome(changes: readonly Change[], applied: boolean): string[] {
  if (changes.length === 0) return [kleur.green('Everything is set up: there is nothing to change.')]
  if (applied) return [kleur.green(`Changed: ${changes.map(({ path }) => path).join(', ')}`)]
  return ['Nothing was changed. To apply this: span-tree init --yes']
}

function printSteps(facts: ProjectFacts, changes: readonly Change[], print: (line: string) => void): void {
  const compiles = changes.some(({ path }) => path === 'tsconfig.json')
  const steps = installs(facts, compiles)
  if (steps.length > 0) print(`\nTo install:\n${steps.map(step => `  ${step}`).join('\n')}`)
  print(`\nThe first tree:\n  ${kleur.bold(firstTree(facts))}`)
}
