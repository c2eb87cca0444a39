import { instrument } from '../../../transformer/instrument.ts'
import { GROUPS, PROBES, type Probe } from './index.ts'
import type { Judged } from './matrix.ts'
import { TOOLS, type Tool } from './tools.ts'

const MARKS = { same: '●', differs: '○', refused: '✕' } as const
/** Characters of one side of a difference. */
const LONGEST = 90

const INTRO = `# Transparency

Whether a program can tell that it is instrumented, for span-tree and for others that write into functions. Each row is
a small program about one property of the language; it runs as it is and with every function of it instrumented, and logs all that it
can see of that property: values, identities, errors, frames of stacks with line and column (through the tool's own source map),
and, where the order of microtasks is what it is about, the tick of each entry. The programs are in
[test/transparency/probes](../test/transparency/probes). Programs by the thousand, generated, and the ECMAScript conformance suite
are compared in the same way, for span-tree alone: \`npm run proof:programs\`, \`npm run proof:test262\`.

● the same · ○ runs, and tells the difference · ✕ is refused as a whole, or does not run any more

Made by \`npm run transparency\`; a test checks that it is what the script makes.`

const FAIRNESS = `The tools are not made for the same thing. istanbul counts and does not trace: it adds counters in place and
nothing else. code-transformer is made for single functions of libraries, named one by one, and
moves what a function does into a closure; here it gets a query for each function of the program by itself, since one
for all of them does not end, and somebody listens to its channel.`

const LEFT_ALONE = `A function that would not survive a span unnoticed is left alone, by itself, and \`span-tree plan\` says which and why. In
these programs:`

const VISIBLE = `What a program can still see, if it looks:

- the text of a function, by \`toString()\`, where that is not sent elsewhere, and the time that a span takes
- a frame of span-tree's, in the stack that a proxy's \`get\` trap takes while \`yield*\`, \`for await\` or \`await using\` looks for a
  method in the proxy, or that a getter among an array's elements takes while \`yield*\` or \`for await\` goes through the array; where there
  is no WebAssembly with tail calls, also in stacks from the iterator of a \`yield*\` and from what an \`await using\` disposes of
- where an error that nobody catches was thrown last, in the line of source that Node prints above its stack ([why](decisions/0004-catch-and-rethrow.md))`

/** docs/transparency.md. */
export function writeDocument(judged: readonly Judged[]): string {
  const peers = TOOLS.filter(({ title }) => !title.startsWith('span-tree'))
  const versions = TOOLS.map(({ title, version }) => `${title} ${version}`).join(' · ')
  const node = process.versions.node.split('.')[0]
  const parts = [INTRO, `Node ${node} · ${versions}`, table(judged), FAIRNESS, leftAlone()]
  return `${[...parts, ...peers.map(tool => differences(tool, judged))].join('\n\n')}\n`
}

function table(judged: readonly Judged[]): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const head = [row(['', ...TOOLS.map(tool => tool.title)]), row(['---', ...TOOLS.map(() => ':-:')])]
  const groups = Object.entries(GROUPS).flatMap(([group, probes]) => [
    row([`**${group}**`, ...TOOLS.map(() => '')]),
    ...probes.map(probe => row([probe.name, ...TOOLS.map(tool => MARKS[verdict(tool, probe, judged).outcome])])),
  ])
  const totals = TOOLS.map(tool => PROBES.filter(probe => verdict(tool, probe, judged).outcome === 'same').length)
  return [...head, ...groups, row([`**the same, of ${PROBES.length}**`, ...totals.map(String)])].join('\n')
}

/** The functions of the probes that span-tree itself leaves as they are. */
function leftAlone(): string {
  const lines = PROBES.flatMap(({ name, code, format }) => {
    const options = { filename: 'program.js', include: ['**'], skipTrivial: false, sourceMap: false, format }
    return instrument(code, options).refused.map(
      ({ name: called, reason }) => `- ${name}: \`${called}\`, since ${reason}`,
    )
  })
  return ['## span-tree', '', LEFT_ALONE, '', ...lines, '', VISIBLE].join('\n')
}

function differences(tool: Tool, judged: readonly Judged[]): string {
  const lines = PROBES.flatMap(probe => {
    const { outcome, how } = verdict(tool, probe, judged)
    return outcome === 'same' ? [] : [`- ${MARKS[outcome]} ${probe.name}: ${brief(how ?? '')}`]
  })
  return [`## ${tool.title}`, '', 'The first thing that differs, without → with:', '', ...lines].join('\n')
}

function verdict(tool: Tool, probe: Probe, judged: readonly Judged[]): Judged['verdict'] {
  return judged.find(one => one.tool === tool && one.probe === probe)!.verdict
}

function brief(how: string): string {
  return how
    .split(' → ')
    .map(side => `\`${shorten(side)}\``)
    .join(' → ')
}

/** Without the numbers of identities, and with one \`host\` for all frames below the program's. */
function shorten(side: string): string {
  const text = side
    .replace(/#\d+/g, '')
    .replace(/Array \{ (.*?),? ?length: \d+ \}/g, (_, items: string) => `[${items.replace(/\d+: /g, '')}]`)
    .replace(/( \| host)+( \|)?/g, ' | …$2')
    .replace(/ \| (?=…)/g, ' ')
    .replaceAll(' | ', ', ')
    .replaceAll('`', "'")
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}
