const TEST = /^(\s*)(ok|not ok) \d+ ?-? ?(.*)$/
const HEADING = /^\s*# (.*)$/

/**
 * The tests of a TAP stream, each named after the comment above it, with what is said below one that failed (the stack
 * and its positions, too). How long it took is left out.
 */
export function* tapTests(stream: string): Generator<[name: string, outcome: string]> {
  let heading = ''
  let open: { readonly name: string; readonly outcome: string; readonly details: string[] } | undefined
  for (const line of stream.split('\n')) {
    const [, indent, outcome, name] = TEST.exec(line) ?? []
    const comment = HEADING.exec(line)
    if (open && (comment || outcome)) {
      yield [open.name, [open.outcome, ...open.details].join('\n')]
      open = undefined
    }
    if (comment) heading = comment[1] as string
    else if (outcome) open = { name: `${indent}${heading} › ${name}`, outcome, details: [] }
    else if (open?.outcome === 'not ok' && !/^\s*duration_ms: /.test(line)) open.details.push(line)
  }
  if (open) yield [open.name, [open.outcome, ...open.details].join('\n')]
}
