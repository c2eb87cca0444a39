import { configure, flush } from 'span-tree'

const trees = []

/** In the main thread: keeps what is exported. */
export function record() {
  configure({ exporters: [{ export: tree => trees.push(tree) }], waitForTasks: 100 })
}

/** What was exported until now, as text, and no more of it. */
export async function recorded() {
  await flush()
  const text = trees.splice(0).map(({ root, late, remote }) => {
    const marks = [late && 'late', remote && 'remote'].filter(Boolean).join(' ')
    return `${nameOf(root)}${marks && ` (${marks})`}`
  })
  return text.sort().join('\n')
}

/** `name[child child[grandchild]]`; a message in quotation marks. */
function nameOf({ name, messages, children }) {
  const below = [...messages.map(({ text }) => `'${text}'`), ...children.map(nameOf)].join(' ')
  return below ? `${name}[${below}]` : name
}
