/** To be imported ahead of a program: has `parses` count the calls of the parser, and told at the end where `COUNT` is set. */
export const PARSER_SPY = './spy.mjs'

const SPY = `import { registerHooks } from 'node:module'
globalThis.parses = 0
registerHooks({ resolve(specifier, context, next) {
  if (specifier !== 'oxc-parser') return next(specifier, context)
  return { url: new URL('counting-parser.mjs', import.meta.url).href, format: 'module', shortCircuit: true }
} })
if (process.env.COUNT) process.on('exit', () => console.log(parses + ' parsed'))`

// By its place: the project need not have it.
const REAL = import.meta.resolve('oxc-parser')

const PARSER = `import { parseSync as real } from '${REAL}'
export * from '${REAL}'
export function parseSync(...parameters) {
  parses++
  return real(...parameters)
}`

/** The files of a project whose calls of the parser are to be counted. */
export const COUNTING_PARSER: Readonly<Record<string, string>> = { 'spy.mjs': SPY, 'counting-parser.mjs': PARSER }
