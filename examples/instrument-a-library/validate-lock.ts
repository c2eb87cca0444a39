/** Validates this repository's package-lock.json with the TypeScript sources of zod, as its package ships them. */
import { readFileSync } from 'node:fs'
import * as z from 'zod'

function lockSchema(): z.ZodType<{ packages: Record<string, unknown> }> {
  const dependencies = z.record(z.string(), z.string())
  const entry = z.looseObject({
    version: z.string().optional(),
    integrity: z.string().startsWith('sha').optional(),
    license: z.string().optional(),
    dev: z.boolean().optional(),
    optional: z.boolean().optional(),
    dependencies: dependencies.optional(),
    devDependencies: dependencies.optional(),
    peerDependencies: dependencies.optional(),
    engines: z.union([dependencies, z.array(z.string())]).optional(),
    bin: z.union([z.string(), dependencies]).optional(),
  })
  return z.object({
    name: z.string(),
    lockfileVersion: z.literal(3),
    requires: z.boolean().optional(),
    packages: z.record(z.string(), entry),
  })
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'))
}

function validateLock(path: string): number {
  const lock = lockSchema().parse(readJson(path))
  return Object.keys(lock.packages).length
}

const path = process.argv[2] ?? 'package-lock.json'
console.log(`${path}: ${validateLock(path)} packages, all valid`)
