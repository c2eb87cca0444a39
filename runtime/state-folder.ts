import { accessSync, constants, lstatSync, mkdirSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Environment } from './settings.ts'

/**
 * A folder below this user's state folder (`SPAN_TREE_STATE`; else `XDG_STATE_HOME`, `LOCALAPPDATA` or `~/.local/state`; else the temporary
 * folder), made when it is not there; undefined where none of them can be written. Nobody else may read it: what lies there are
 * values of programs.
 */
export function stateFolder(name: string, env: Environment = process.env): string | undefined {
  for (const root of roots(env)) {
    const folder = join(root, name)
    if (canHave(root) && canHave(folder) && (env['SPAN_TREE_STATE'] || isOwn(root))) return folder
  }
  return undefined
}

function roots(env: Environment): string[] {
  const chosen = env['SPAN_TREE_STATE']
  if (chosen) return [chosen]
  const home = env['XDG_STATE_HOME'] || env['LOCALAPPDATA'] || join(homedirOf(), '.local', 'state')
  return [join(home, 'span-tree'), join(tmpdir(), `span-tree-${process.getuid?.() ?? 'user'}`)]
}

function homedirOf(): string {
  try {
    return homedir()
  } catch {
    // A user id that the system has no name for, as in containers.
    return tmpdir()
  }
}

function canHave(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    accessSync(folder, constants.W_OK)
    return true
  } catch {
    return false
  }
}

/** In a temporary folder somebody else may have made a folder of that name, or a link, to read what we write. */
function isOwn(folder: string): boolean {
  return process.getuid === undefined || lstatSync(folder).uid === process.getuid()
}
