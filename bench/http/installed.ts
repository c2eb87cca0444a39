/** The services as each contender has them, beside the packages that they need. */
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { toolchain } from '../../test/support/toolchain.ts'
import { instrument } from '../../transformer/instrument.ts'

export const CONTENDERS = ['plain', 'span-tree', 'span-tree-built', 'opentelemetry'] as const
export type Contender = (typeof CONTENDERS)[number]
/** `service`: as there are many. `bare`: next to nothing but the calls. */
export const SERVICES = ['service', 'bare'] as const
export type Service = (typeof SERVICES)[number]

const here = fileURLToPath(new URL('.', import.meta.url))
const repository = fileURLToPath(new URL('../..', import.meta.url))
const root = fileURLToPath(new URL('../.generated/http', import.meta.url))

const packages = join(
  toolchain('http-bench', {
    dependencies: {
      fastify: '5.12.8',
      autocannon: '9.0.0',
      '@opentelemetry/api': '1.10.0',
      '@opentelemetry/sdk-node': '0.301.0',
      '@opentelemetry/instrumentation-http': '0.301.0',
      '@opentelemetry/instrumentation-fastify': '0.57.0',
    },
  }),
  'node_modules',
)

/** The driver's script. */
export const autocannon: string = join(packages, 'autocannon', 'autocannon.js')

/** Writes the programs; returns what Node is started with, for each contender and service. */
export function install(): (contender: Contender, service: Service) => readonly string[] {
  rmSync(root, { recursive: true, force: true })
  const folder = { plain: join(root, 'plain'), traced: join(root, 'traced') }
  for (const each of Object.values(folder)) linkPackages(each)
  for (const each of Object.values(folder))
    writeFileSync(join(each, 'used.cjs'), readFileSync(join(here, 'used.cjs'), 'utf8'))
  for (const service of SERVICES) {
    const source = readFileSync(join(here, `${service}.cjs`), 'utf8')
    writeFileSync(join(folder.plain, `${service}.cjs`), source)
    const filename = join(folder.traced, `${service}.cjs`)
    const options = { include: ['**'], filename, root: folder.traced, format: 'commonjs' } as const
    writeFileSync(filename, instrument(source, options).code)
  }
  const where = { ...folder, 'span-tree': folder.traced, 'span-tree-built': folder.traced, opentelemetry: folder.plain }
  for (const name of CONTENDERS.filter(each => each !== 'plain'))
    writeFileSync(join(where[name], `${name}.cjs`), readFileSync(join(here, 'contenders', `${name}.cjs`), 'utf8'))
  return (contender, service) => {
    const program = join(where[contender], `${service}.cjs`)
    return contender === 'plain' ? [program] : ['--require', join(where[contender], `${contender}.cjs`), program]
  }
}

function linkPackages(folder: string): void {
  for (const name of readdirSync(packages).filter(each => !each.startsWith('.')))
    linkPackage(folder, name, join(packages, name))
  linkPackage(folder, 'span-tree', repository)
}

function linkPackage(folder: string, name: string, target: string): void {
  const path = join(folder, 'node_modules', name)
  mkdirSync(dirname(path), { recursive: true })
  symlinkSync(target, path, 'junction')
}
