/** The service as each contender has it, beside the packages that it needs. */
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { toolchain } from '../../test/support/toolchain.ts'
import { instrument } from '../../transformer/instrument.ts'

export const CONTENDERS = ['plain', 'span-tree', 'span-tree-built', 'opentelemetry'] as const
export type Contender = (typeof CONTENDERS)[number]

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

/** Writes the programs; returns, for each contender, what Node is started with. */
export function install(): Readonly<Record<Contender, readonly string[]>> {
  rmSync(root, { recursive: true, force: true })
  const folder = { plain: join(root, 'plain'), traced: join(root, 'traced') }
  for (const each of Object.values(folder)) linkPackages(each)
  const service = readFileSync(join(here, 'service.cjs'), 'utf8')
  writeFileSync(join(folder.plain, 'service.cjs'), service)
  const filename = join(folder.traced, 'service.cjs')
  const options = { include: ['**'], filename, root: folder.traced, format: 'commonjs' } as const
  writeFileSync(filename, instrument(service, options).code)
  const preloaded = (name: string, where: string): readonly string[] => {
    const path = join(where, `${name}.cjs`)
    writeFileSync(path, readFileSync(join(here, 'contenders', `${name}.cjs`), 'utf8'))
    return ['--require', path, join(where, 'service.cjs')]
  }
  return {
    plain: [join(folder.plain, 'service.cjs')],
    'span-tree': preloaded('span-tree', folder.traced),
    'span-tree-built': preloaded('span-tree-built', folder.traced),
    opentelemetry: preloaded('opentelemetry', folder.plain),
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
