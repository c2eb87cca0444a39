/** What a process wrote, taken apart: in a container traces go to its standard output, elsewhere to stderr. */
export interface Written {
  readonly stdout: string
  readonly stderr: string
  /** The traces (`SPAN_TREE=json`) as text: a line a call, indented, with its place. */
  readonly traces: string
}

interface JsonSpan {
  readonly name: string
  readonly status: string
  readonly site?: { readonly file: string; readonly line: number; readonly column: number }
  readonly children: readonly JsonSpan[]
}

export function withoutTraces(stdout: string, stderr: string): Written {
  const lines = `${stdout}\n${stderr}`.split('\n').filter(isTrace)
  const traces = lines.map(line => callLine((JSON.parse(line) as { root: JsonSpan }).root, '')).join('\n')
  return { stdout: otherLines(stdout), stderr: otherLines(stderr), traces }
}

function otherLines(text: string): string {
  return text
    .split('\n')
    .filter(line => !isTrace(line))
    .join('\n')
}

function isTrace(line: string): boolean {
  return line.startsWith('{"traceId"')
}

function callLine({ name, status, site, children }: JsonSpan, indent: string): string {
  const failed = status === 'failed' ? ' failed' : ''
  const place = site ? ` ${site.file}:${site.line}:${site.column}` : ''
  return [`${indent}${name}${place}${failed}`, ...children.map(child => callLine(child, `${indent}  `))].join('\n')
}
