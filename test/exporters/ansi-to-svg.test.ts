import { expect, test } from 'vitest'
import { ansiToSvg } from '../../docs/tools/ansi-to-svg.ts'
import { renderTerminal } from '../../runtime/exporters/terminal.ts'
import { error, span, tree } from '../support/trees.ts'

/** The texts of a picture with what they look like: colour, weight, opacity. */
function texts(svg: string): string[] {
  const found = svg.matchAll(/<text x="([\d.]+)" y="(\d+)" fill="(#\w+)"[^>]*?(?: textLength="[\d.]+")([^>]*)>([^<]*)/g)
  return Array.from(found, ([, x, y, fill, rest, text]) => `${x},${y} ${fill}${rest} ${text}`)
}

test('keeps colours, weights and columns', () => {
  const svg = ansiToSvg('ab\x1b[1m\x1b[31mbold red\x1b[39m\x1b[22m \x1b[2mdim\x1b[22m\n\x1b[97;44mbright\x1b[0m 注x\n')
  expect(texts(svg)).toEqual([
    '18.00,51 #d7dae0 ab',
    '34.86,51 #f0717b font-weight="700" bold red',
    '110.73,51 #d7dae0 opacity="0.62" dim',
    '18.00,71 #ffffff bright',
    '77.01,71 #d7dae0 注',
    '93.87,71 #d7dae0 x',
  ])
  expect(svg).toContain('<rect x="18.00" y="57" width="50.58" height="18" rx="2" fill="#61afef"/>')
})

test('is well-formed whatever is printed', () => {
  const svg = ansiToSvg(
    '<a> & "b" \x1b]8;;https://example.com/?a=1&b=2\x1b\\link\x1b]8;;\x1b\\ \x1b[38;5;9mx\x1b[2K\x07\x1b]0;title\x07y',
    { title: 'a < b' },
  )
  expect(svg).toContain('&lt;a&gt; &amp; &quot;b&quot;')
  expect(svg).toContain('<a href="https://example.com/?a=1&amp;b=2"><text')
  expect(svg).not.toMatch(/[^\P{Cc}\n]/u)
  expect(svg.match(/<text/g)?.length).toBe(svg.match(/<\/text>/g)?.length)
})

test('draws a real tree, without the links to files of this machine', () => {
  const root = span('checkout', { attributes: { order: 7 }, exitError: error('Error', 'no') }, span('reserve'))
  const svg = ansiToSvg(renderTerminal(tree(root), { colours: true, hyperlinks: true, width: 70 }))
  expect(
    texts(svg)
      .map(text => text.replace(/^\S+ \S+ /, ''))
      .join('\n'),
  ).toContain('font-weight="700" ')
  expect(svg).toContain('>checkout</text>')
  expect(svg).not.toContain('file:')
})
