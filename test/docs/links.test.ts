import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from '../support/imports.ts'

const pages = ['README.md', ...globSync('docs/**/*.md', { cwd: ROOT })]

test.each(pages)('%s leads to files that exist', page => {
  const text = readFileSync(join(ROOT, page), 'utf8')
  const links = [...text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(match => match[1]!)
  expect(links.filter(link => !existsSync(join(ROOT, dirname(page), link)))).toEqual([])
})

test('every test that a page names is there', () => {
  const missing = pages.flatMap(page => {
    const names = readFileSync(join(ROOT, page), 'utf8').matchAll(/`(test\/[\w./-]+)`/g)
    return [...names].map(match => match[1]!).filter(name => !existsSync(join(ROOT, name)))
  })
  expect(missing).toEqual([])
})
