import { availableParallelism } from 'node:os'
import { Command, InvalidArgumentError } from 'commander'
import { spanOption } from '../query/moment.ts'

export interface ServeFlags {
  readonly db?: string
  readonly port: number
  readonly host: string
  readonly maxAge?: number
  readonly maxBytes?: number
  readonly origin: readonly string[]
}

const HELP = `
Only this machine is listened to unless --host says otherwise. As long as there is no API key, whoever is on this machine reads and
writes the namespace \`default\`; with the first key (span-tree keys create), a key is needed by all.

Publish to it:
  SPAN_TREE=http://127.0.0.1:7318 span-tree run -- node src/app.ts
  OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:7318 node --import ./tracing.mjs src/app.ts

Examples:
  span-tree serve
  span-tree serve --db ./traces.db --port 4318 --max-age 30d --max-bytes 5GB
  span-tree serve --host 0.0.0.0`

/** `span-tree serve`: the receiver. */
export function serveCommand(): Command {
  return new Command('serve')
    .description('receive traces from other processes and machines, and keep them')
    .option('--db <file>', 'the database, made where there is none (SPAN_TREE_DB)')
    .option('--port <number>', 'where to listen', portOption, 7318)
    .option('--host <address>', 'where to listen; 0.0.0.0: to all machines', '127.0.0.1')
    .option('--max-age <time>', 'delete traces after so long: 12h, 30d', spanOption)
    .option('--max-bytes <size>', 'delete the oldest traces beyond so much: 500MB, 5GB', sizeOption)
    .option('--origin <origin...>', 'pages that may publish, beside those of this machine; * for all', [])
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', HELP)
    .action(async (flags: ServeFlags) => {
      // libuv's threads unpack bodies. More of them than processors would be no faster, and each keeps memory of its own.
      process.env['UV_THREADPOOL_SIZE'] ??= String(Math.min(4, availableParallelism()))
      const { serve } = await import('../receiver/serve.ts')
      process.exitCode = await serve(flags)
    })
}

function portOption(text: string): number {
  const port = Number(text)
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new InvalidArgumentError('Write a number up to 65535.')
  return port
}

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KIB: 2 ** 10,
  MIB: 2 ** 20,
  GIB: 2 ** 30,
}

function sizeOption(text: string): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim()) ?? []
  const factor = UNITS[unit.toUpperCase()]
  if (number === undefined || factor === undefined) throw new InvalidArgumentError('Write a size like 500MB or 5GB.')
  return Math.round(Number(number) * factor)
}
