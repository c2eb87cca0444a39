import { existsSync } from 'node:fs'
import { loadOwn, ownModule } from '../own-modules.ts'

let file: string | undefined

/** The flags by which a worker or a forked process loads our side of the link. Throws where there is no such file, as in a bundle. */
export function hookFlags(): readonly [string, string] {
  file ??= find()
  return ['--require', file]
}

/** A module of this folder that is rarely needed; in a bundle it is not there, and this throws. */
export function requireLazily(name: string): unknown {
  return loadOwn(`linking/${name}`)
}

function find(): string {
  const path = ownModule('linking/worker-hook')
  if (!existsSync(path)) throw new Error(`${path} is missing`)
  return path
}
