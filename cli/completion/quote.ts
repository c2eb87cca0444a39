/** As one word, for all three shells. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
