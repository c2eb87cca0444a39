import { PLUGIN_NAME } from '../../transformer/adapters/plugin-keys.ts'
import { type JsonNode, parseJsonc } from '../jsonc.ts'

const ENTRY = `{ "transform": "${PLUGIN_NAME}" }`

/**
 * A tsconfig's text with the plugin listed, first among plugins, everything else as it was, comments too. The same text
 * where it is listed already, undefined for what is no tsconfig.
 */
export function withPlugin(text: string): string | undefined {
  const root = parseJsonc(text)
  if (!root?.properties) return undefined
  if (text.includes(`"${PLUGIN_NAME}"`)) return text
  const options = root.properties.get('compilerOptions')
  if (!options?.properties)
    return options ? undefined : inserted(text, root, `"compilerOptions": { "plugins": [${ENTRY}] }`)
  const plugins = options.properties.get('plugins')
  if (!plugins) return inserted(text, options, `"plugins": [${ENTRY}]`)
  return plugins.items ? inserted(text, plugins, ENTRY) : undefined
}

/** Whether the compiler writes nothing: then somebody else makes the JavaScript. */
export function emitsNothing(text: string): boolean {
  const options = parseJsonc(text)?.properties?.get('compilerOptions')?.value as Record<string, unknown> | undefined
  return options?.['noEmit'] === true || options?.['emitDeclarationOnly'] === true
}

/** `item` as the first of an object or array, on a line of its own where the others are. */
function inserted(text: string, node: JsonNode, item: string): string {
  const open = node.start + 1
  const rest = text.slice(open, node.end - 1)
  const empty = node.properties ? node.properties.size === 0 : node.items?.length === 0
  const first = /^[^\S\n]*(?:\/\/[^\n]*)?\n([^\S\n]*)/.exec(rest)
  if (empty && rest.trim() === '') return `${text.slice(0, open)} ${item} ${text.slice(node.end - 1)}`
  const comma = empty ? '' : ','
  // Behind a comment that stands on the line of the bracket.
  if (first) {
    const at = open + first[0].length
    return `${text.slice(0, at)}${item}${comma}\n${first[1]}${text.slice(at)}`
  }
  return `${text.slice(0, open)}${node.properties ? ' ' : ''}${item}${comma}${rest.startsWith(' ') ? '' : ' '}${text.slice(open)}`
}
