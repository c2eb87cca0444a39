/**
 * A template literal without the indentation that all its lines share, and without the blank lines around it, so that
 * an expected tree can be indented like the test that it is in.
 */
export function dedent(text: string): string {
  const lines = text.split(/\r?\n/)
  const filled = lines.filter(line => line.trim() !== '')
  const margin = Math.min(...filled.map(line => line.length - line.trimStart().length))
  const inner = lines.slice(lines.indexOf(filled[0] ?? ''), lines.lastIndexOf(filled.at(-1) ?? '') + 1)
  return inner.map(line => line.slice(margin).trimEnd()).join('\n')
}
