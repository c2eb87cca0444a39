import { readFileSync } from 'node:fs'

const PAGE = readFileSync(new URL('../../../docs/setup.md', import.meta.url), 'utf8')

/** The configurations of one section of docs/setup.md: the name of the file on the first line, its text behind. */
export function setupBlocks(section: string): readonly (readonly [name: string, text: string])[] {
  const parts = PAGE.split(/^## /m).find(part => part.startsWith(`${section}\n`))
  const blocks = [...(parts ?? '').matchAll(/^```js\n\/\/ (\S+)\n([\s\S]*?)^```$/gm)]
  if (blocks.length === 0) throw new Error(`docs/setup.md has no configuration for ${section}`)
  return blocks.map(([, name = '', text = '']) => [name, text])
}

export function setupFiles(section: string, index = 0): Readonly<Record<string, string>> {
  const [name, text] = setupBlocks(section)[index]!
  return { [name]: text }
}
