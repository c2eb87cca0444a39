import type { Ended } from './processes.ts'

interface JsonSpan {
  readonly name: string
  readonly status: string
  readonly children: readonly JsonSpan[]
}

export interface Told extends Ended {
  /** The traces, taken out of the output: `main(charge failed, audit started)`. */
  readonly traces: readonly string[]
}

/** Takes the lines of JSON that are traces out of what a process wrote: where they go depends on the place. */
export function withoutTraces(ended: Ended): Told {
  const traces: string[] = []
  const rest = (text: string): string =>
    text
      .split('\n')
      .filter(
        line => !(line.startsWith('{"traceId"') && traces.push(short((JSON.parse(line) as { root: JsonSpan }).root))),
      )
      .join('\n')
  return { ...ended, stdout: rest(ended.stdout), stderr: rest(ended.stderr), traces }
}

function short({ name, status, children }: JsonSpan): string {
  const below = children.length === 0 ? '' : `(${children.map(short).join(', ')})`
  return `${name}${status === 'succeeded' ? '' : ` ${status}`}${below}`
}
