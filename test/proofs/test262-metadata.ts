/** What the front matter of a file of test262 says. */
export interface Metadata {
  readonly flags: ReadonlySet<string>
  readonly includes: readonly string[]
  readonly negative?: { readonly phase: string; readonly type: string }
}

/** Reads as much of the YAML between the comment's dashes as the runner needs. */
export function readMetadata(source: string): Metadata {
  const text = /\/\*---([\s\S]*?)---\*\//.exec(source)?.[1] ?? ''
  const negative = /^negative:\s*\n(?:[ \t]+.*\n)+/m.exec(text.replaceAll('\r', ''))?.[0]
  const entry = (name: string): string => new RegExp(`^\\s+${name}:\\s*(\\w+)`, 'm').exec(negative ?? '')?.[1] ?? ''
  return {
    flags: new Set(listIn(text, 'flags')),
    includes: listIn(text, 'includes'),
    ...(negative !== undefined && { negative: { phase: entry('phase'), type: entry('type') } }),
  }
}

// `name: [a, b]`, or one `- a` a line.
function listIn(text: string, name: string): string[] {
  const inline = new RegExp(`^${name}:\\s*\\[([^\\]]*)\\]`, 'm').exec(text)?.[1]
  const block = new RegExp(`^${name}:\\s*\\n((?:\\s+-.*\\n?)+)`, 'm').exec(text)?.[1]
  return (inline?.split(',') ?? block?.split(/\s+- /) ?? []).map(item => item.trim()).filter(Boolean)
}
