import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { instrument } from 'span-tree/transformer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NODE_VERSIONS, nodeBinary } from '../support/node-versions.ts'

const here = fileURLToPath(new URL('.', import.meta.url))
const plain = `${here}storages-program.mjs`
let folder: string
let traced: string

beforeAll(() => {
  mkdirSync(`${here}.generated`, { recursive: true })
  folder = mkdtempSync(`${here}.generated/storages-`)
  traced = `${folder}/traced.mjs`
  const options = { filename: traced, root: folder, include: ['**'], skipTrivial: false }
  writeFileSync(traced, instrument(readFileSync(plain, 'utf8'), options).code)
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe("a program's own AsyncLocalStorages hold what they did", () => {
  it.each(NODE_VERSIONS)('on Node %i', async major => {
    const node = nodeBinary(major)
    const [before, after, byPublic] = await Promise.all([
      seen(node, plain),
      seen(node, traced),
      seen(node, traced, { SPAN_TREE_CONTEXT: 'public' }),
    ])
    expect(before).toContain('below entered goes on: entered s\n')
    expect(after).toBe(before)
    expect(withoutDisabling(byPublic)).toBe(withoutDisabling(before))
  })
})

/** `disable` changes the frame that is current: by the public interface, an async function's caller has another one. */
function withoutDisabling(lines: string): string {
  return lines.replace(/^caller of what disabled: .*$/m, '')
}

async function seen(node: string, program: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
  const { stdout } = await promisify(execFile)(node, [program], { env: { ...process.env, SPAN_TREE: 'json', ...env } })
  return stdout
    .split('\n')
    .filter(line => !line.startsWith('{'))
    .join('\n')
}
