import kleur from 'kleur'
import type { Examination } from './examine.ts'
import type { Finding } from './known-packages.ts'

const MARKS: Readonly<Record<Finding['state'], string>> = {
  linked: kleur.green('✓'),
  'not tested': kleur.yellow('?'),
  unlinked: kleur.yellow('✗'),
  'not installed': kleur.dim('·'),
}

/** An examination for people. */
export function doctorTable({ node, spanTree, mode, loadedBefore, links }: Examination): string {
  const name = Math.max(...links.map(finding => nameOf(finding).length))
  const state = Math.max(...links.map(finding => finding.state.length))
  const rows = links.map(finding => {
    const { state: is, reason } = finding
    return `${MARKS[is]} ${nameOf(finding).padEnd(name)}  ${is.padEnd(state)}  ${kleur.dim(reason)}`.trimEnd()
  })
  return [
    `span-tree ${spanTree}, Node ${node}`,
    `mode: ${mode ?? 'by where it runs (SPAN_TREE is not set)'}`,
    `loaded before the program: ${loadedBefore.join(', ') || 'nothing; links begin with the first instrumented file'}`,
    '',
    ...rows,
    '',
  ].join('\n')
}

function nameOf({ name, version }: Finding): string {
  return version === undefined ? name : `${name} ${version}`
}
