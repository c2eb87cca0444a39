import { eachOwnChild } from './own-code.ts'
import { isFunction, type Node } from './parse.ts'

type Statement = Extract<Node, { type: 'BreakStatement' | 'ContinueStatement' | 'ReturnStatement' }>

/**
 * The jumps out of a `finally` block that say nothing of a value: `return`, and `break` and `continue` to something around it. What
 * the function was about to return is forgotten then.
 */
export function jumpsOut(finalizer: Node): readonly Statement[] {
  const jumps: Statement[] = []
  collect(finalizer, { breaks: false, continues: false, labels: [] }, jumps)
  return jumps
}

/** What a jump can have for its target without leaving the block. */
interface Targets {
  readonly breaks: boolean
  readonly continues: boolean
  readonly labels: readonly string[]
}

function collect(node: Node, targets: Targets, jumps: Statement[]): void {
  switch (node.type) {
    case 'ReturnStatement':
      if (!node.argument) jumps.push(node)
      break
    case 'BreakStatement':
    case 'ContinueStatement':
      if (leaves(node, targets)) jumps.push(node)
      return
  }
  const inside = targetsIn(node, targets)
  eachOwnChild(node, child => {
    if (!isFunction(child)) collect(child, inside, jumps)
  })
}

function leaves(jump: Extract<Statement, { label?: unknown }>, { breaks, continues, labels }: Targets): boolean {
  if (jump.label) return !labels.includes(jump.label.name)
  return !(jump.type === 'BreakStatement' ? breaks : continues)
}

function targetsIn(node: Node, targets: Targets): Targets {
  switch (node.type) {
    case 'ForStatement':
    case 'ForInStatement':
    case 'ForOfStatement':
    case 'WhileStatement':
    case 'DoWhileStatement':
      return { ...targets, breaks: true, continues: true }
    case 'SwitchStatement':
      return { ...targets, breaks: true }
    case 'LabeledStatement':
      return { ...targets, labels: [...targets.labels, node.label.name] }
    default:
      return targets
  }
}
