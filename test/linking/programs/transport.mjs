import { once } from 'node:events'
import { pipeline, Writable } from 'node:stream'

/** A transport of pino's, which sees what its worker looks like. */
export default async function transport() {
  if (process.execArgv.some(flag => flag.includes('worker-hook'))) throw new Error(`flags: ${process.execArgv}`)
  if (Symbol.for('span-tree.runtime.2') in globalThis) throw new Error('the runtime is loaded')
  const stream = new Writable({ write: (_chunk, _encoding, done) => done() })
  void [once, pipeline]
  return stream
}
