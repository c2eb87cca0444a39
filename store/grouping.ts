import type { ErrorRecord } from '../model/index.ts'

/** What errors are put together by, the surest first. */
export type GroupedBy = 'site' | 'chain' | 'message'

export interface Grouping {
  /** Of a group that is known by one of them, the error is one; else a new group gets them all. */
  readonly keys: readonly string[]
  readonly by: GroupedBy
  /** For people: why errors are in one group. */
  readonly because: string
}

/** Functions of a stack that say where an error came from. */
const MAX_CHAIN = 5
/** Characters of a message that tell errors apart. */
const MAX_MESSAGE = 1_000

// The number is that of the rules: a later version adds its keys in front of these, so that old groups are found.
const VERSION = 1

/**
 * `siteId`: of the function that threw; it survives moves of lines, so that it is the surest. Without one: the functions of the stack
 * that are the program's own; without a stack: the message, with what varies replaced.
 */
export function groupingOf({ type, message, stack }: ErrorRecord, siteId: string | undefined): Grouping {
  if (siteId !== undefined) return grouping('site', type, siteId, `${type} thrown in ${siteId}`)
  const chain = chainOf(stack)
  if (chain.length > 0) return grouping('chain', type, chain.join('\n'), `${type} by way of ${chain.join(' ← ')}`)
  const parameterised = parameterise(message)
  return grouping('message', type, parameterised, `${type} saying ${JSON.stringify(parameterised)}`)
}

function grouping(by: GroupedBy, type: string, rest: string, because: string): Grouping {
  return { keys: [`${VERSION} ${by} ${type}\n${rest}`], by, because }
}

const FRAME = /^\s*at (?:async )?(?:new )?(?:(.+?) \()?((?:file:\/\/)?[^()]+?):\d+:\d+\)?$/

function chainOf(stack: string | undefined): string[] {
  const chain: string[] = []
  for (const line of stack?.split('\n') ?? []) {
    const [, name, file = ''] = FRAME.exec(line) ?? []
    if (file === '' || isForeign(file)) continue
    const frame = `${name?.replace(/ \[as .*\]$/, '') ?? '<anonymous>'} (${baseName(file)})`
    if (chain.at(-1) !== frame) chain.push(frame)
    if (chain.length === MAX_CHAIN) break
  }
  return chain
}

function isForeign(file: string): boolean {
  return file.startsWith('node:') || /[\\/]node_modules[\\/]/.test(file) || file === 'native' || file === '<anonymous>'
}

/** Builds differ in folders and in the hashes of their chunks. */
function baseName(file: string): string {
  return (file.split(/[\\/]/).at(-1) as string).replace(/[-.][0-9a-zA-Z_]{8,}(?=\.\w+$)/, '')
}

/** In this order: what comes first may contain what comes later. */
const VARYING: readonly (readonly [pattern: RegExp, placeholder: string])[] = [
  [/\b[a-z][a-z0-9+.-]*:\/\/[^\s"'<>)]+/gi, '<url>'],
  [/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, '<email>'],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '<uuid>'],
  [/\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?/g, '<date>'],
  [/\b\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?\b/g, '<time>'],
  [/\b(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?\b/g, '<ip>'],
  [/(?<![\w:])(?=(?:[0-9a-f]{0,4}:){2})(?=[a-f:]*\d)[0-9a-f:]{2,39}(?![\w:])/gi, '<ip>'],
  [/(?<!\w)(?:\/[\w.@-]+){2,}|\b[a-z]:\\[\w.\\@-]+/gi, '<path>'],
  [/\b0x[0-9a-f]+\b|\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,}\b/gi, '<hash>'],
  [/\b(?=\w*\d)(?=\w*[a-zA-Z])[A-Za-z0-9_-]{16,}\b/g, '<id>'],
  [/(?<![\w<])[+-]?\d[\d_,]*(?:\.\d+)?(?:e[+-]?\d+)?/gi, '<number>'],
]

/** A message with ids, urls, dates, numbers, hashes and addresses replaced, so that those of one statement are alike. */
export function parameterise(message: string): string {
  let text = message.slice(0, MAX_MESSAGE)
  for (const [pattern, placeholder] of VARYING) text = text.replace(pattern, placeholder)
  return text.slice(0, MAX_MESSAGE)
}
