import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const CACHE = fileURLToPath(new URL('../../node_modules/.cache/span-tree-node/', import.meta.url))

/** The major versions that span-tree is proved on. */
export const NODE_VERSIONS: readonly number[] = [22, 24, 26]

/** The path of a Node of this major version, from the npm package `node`; installed at the first question. */
export function nodeBinary(major: number): string {
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath
  const folder = join(CACHE, String(major))
  const binary = join(folder, 'node_modules', 'node', 'bin', 'node')
  if (!existsSync(binary)) install(major, folder)
  return binary
}

function install(major: number, folder: string): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{ "private": true }')
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--prefix', folder, `node@${major}`], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}
