import { statSync } from 'node:fs'
import { basename } from 'node:path'
import { ownPackage } from '../transformer/adapters/own-package.ts'
import { isSourceFile } from '../transformer/adapters/program-files.ts'

/** A process to start. */
export interface Invocation {
  readonly command: string
  readonly parameters: readonly string[]
  readonly environment: NodeJS.ProcessEnv
}

/**
 * The same command with its Node processes instrumented. A plain `node` gets the `--import` as a parameter: then it
 * and what it forks are traced, and no tool that it happens to call. Anything else starts Node somewhere below, which
 * only the environment reaches.
 */
export function instrumented(command: readonly [string, ...string[]], env: NodeJS.ProcessEnv): Invocation {
  const [name, ...parameters] = command
  const preload = `--import=${registerURL()}`
  if (isNode(name)) return { command: name, parameters: [preload, ...parameters], environment: env }
  if (isProgramFile(name)) return { command: process.execPath, parameters: [preload, ...command], environment: env }
  const NODE_OPTIONS = [env.NODE_OPTIONS, preload].filter(Boolean).join(' ')
  return { command: name, parameters, environment: { ...env, NODE_OPTIONS } }
}

function isNode(name: string): boolean {
  return name === process.execPath || /^node(js)?(\.exe)?$/.test(basename(name))
}

function isProgramFile(name: string): boolean {
  return isSourceFile(name) && statSync(name, { throwIfNoEntry: false })?.isFile() === true
}

function registerURL(): string {
  return ownPackage().exports.get('span-tree/register') as string
}
