import { mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Receiver, ReceiverOptions } from '../../receiver/index.ts'
import { StoreError } from '../../store/store-error.ts'
import { ownPackage } from '../../transformer/adapters/own-package.ts'
import type { ServeFlags } from '../commands/serve.ts'
import { databasePath } from '../query/database-path.ts'

const STOP: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP']

/** Listens until a signal comes; resolves to the exit code. */
export async function serve(flags: ServeFlags): Promise<number> {
  const options = optionsOf(flags)
  try {
    const { startReceiver } = await import('../../receiver/index.ts')
    mkdirSync(dirname(options.file), { recursive: true, mode: 0o700 })
    // A signal in the first moment, too, ends it in good order.
    const stopped = nextSignal()
    const receiver = await startReceiver(options)
    process.stdout.write(greeting(receiver, options))
    await stopped
    // Whoever asks twice does not want to wait.
    void nextSignal().then(() => process.exit(1))
    await receiver.close()
    return 0
  } catch (error) {
    process.stderr.write(`span-tree serve: ${explanation(error as NodeJS.ErrnoException, options)}\n`)
    return 1
  }
}

function optionsOf({ db, port, host, maxAge, maxBytes, origin }: ServeFlags): ReceiverOptions {
  const file = resolve(db ?? databasePath(process.env))
  const retention = { ...(maxAge !== undefined && { maxAge }), ...(maxBytes !== undefined && { maxBytes }) }
  return { file, port, host, retention, origins: origin, version: ownPackage().version }
}

function nextSignal(): Promise<void> {
  return new Promise(done => {
    const stop = (): void => {
      for (const signal of STOP) process.off(signal, stop)
      done()
    }
    for (const signal of STOP) process.on(signal, stop)
  })
}

function greeting({ url, loopback }: Receiver, { file }: ReceiverOptions): string {
  const lines = [
    `span-tree receives at ${url}, into ${file}`,
    `  SPAN_TREE=${url}                         for programs with span-tree`,
    `  OTEL_EXPORTER_OTLP_ENDPOINT=${url}       for programs with OpenTelemetry`,
  ]
  if (!loopback) lines.push('  Each request needs an API key: span-tree keys create --namespace <name>')
  return `${lines.join('\n')}\n`
}

function explanation(error: NodeJS.ErrnoException, { host, port }: ReceiverOptions): string {
  if (error.code === 'EADDRINUSE') return `port ${port} is in use (--port names another)`
  if (error.code === 'EACCES' && !(error instanceof StoreError)) return `${error.message} (--port, --db)`
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') return `${host} is no address of this machine`
  if (error.code === 'ERR_MODULE_NOT_FOUND')
    return `${error.message}. What it needs are optional dependencies: install without --omit=optional`
  return error.message
}
