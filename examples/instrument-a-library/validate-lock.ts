/** Validates this repository's package-lock.json with the TypeScript sources of zod, as its package ships them. */
import { readFileSync } from 'node:fs'
import * as z from 'zod'

const Dependencies = z.record(z.string(), z.string())

const Package = z.looseObject({
  version: z.string().optional(),
  integrity: z.string().startsWith('sha').optional(),
  license: z.string().optional(),
  dev: z.boolean().optional(),
  optional: z.boolean().optional(),
  dependencies: Dependencies.optional(),
  devDependencies: Dependencies.optional(),
  peerDependencies: Dependencies.optional(),
  engines: z.union([Dependencies, z.array(z.string())]).optional(),
  bin: z.union([z.string(), Dependencies]).optional(),
})

const Lock = z.object({
  name: z.string(),
  lockfileVersion: z.literal(3),
  requires: z.boolean().optional(),
  packages: z.record(z.string(), Package),
})

export function validateLock(path: string): number {
  const lock = Lock.parse(JSON.parse(readFileSync(path, 'utf8')))
  return Object.keys(lock.packages).length
}

const path = process.argv[2] ?? 'package-lock.json'
console.log(`${path}: ${validateLock(path)} packages, all valid`)
