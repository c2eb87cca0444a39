/**
 * The modules of queues within a thread. They export functions and classes that nobody outside can replace; a line that is added to
 * their text can.
 */

interface QueueModule {
  /** By the end of a module's URL. */
  readonly url: RegExp
  /** `name`: the local name of what the module exports as its default. */
  readonly line: (name: string) => string
}

const MODULES: readonly QueueModule[] = [
  { url: /\/node_modules\/p-limit\/index\.js$/, line: name => `${name} = $spanTree.limiter(${name})` },
  { url: /\/node_modules\/p-queue\/dist\/index\.js$/, line: name => `$spanTree.queue(${name})` },
]

/** Functions and classes that a module declares and exports can be set anew by the module itself. */
const DEFAULT = /^export default (?:function|class) ([\w$]+)/m

/** Whether it may be one: cheap, since it is asked of every module that is loaded. */
export function isQueueModule(url: string): boolean {
  return url.endsWith('/index.js') && MODULES.some(each => each.url.test(url))
}

/** What a load hook answers. */
interface Loaded {
  readonly format?: string | null | undefined
  readonly source?: unknown
}

/**
 * What is loaded for the URL of a queue, linked; as it is where it is not as we know it. `wrappers`: the URL of what it is to import.
 * Lines stay where they are.
 */
export function linkedQueueModule<L extends Loaded>(url: string, loaded: L, wrappers: string): L {
  const { format, source } = loaded
  if (format !== 'module' || (typeof source !== 'string' && !(source instanceof Uint8Array))) return loaded
  const text = typeof source === 'string' ? source : new TextDecoder().decode(source)
  const name = DEFAULT.exec(text)?.[1]
  const line = name && MODULES.find(each => each.url.test(url))?.line(name)
  if (line === undefined || text.includes('$spanTree.')) return loaded
  return { ...loaded, source: `${text}\n;import * as $spanTree from ${JSON.stringify(wrappers)};${line};` }
}

/** Whether anything is to be linked at all, by the environment. */
export function wantsLinks(env: { readonly [name: string]: string | undefined }): boolean {
  return env['SPAN_TREE_LINKS']?.toLowerCase() !== 'off'
}
