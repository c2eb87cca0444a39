import { dirname, join, relative } from 'node:path'
import { Command } from 'commander'
import { forgetOutdatedBuilds } from '../../transformer/adapters/outdated-builds.ts'
import {
  type InstalledCompiler,
  installedCompiler,
  packageFile,
} from '../../transformer/adapters/typescript-7/installed-compiler.ts'
import { execute } from '../execute.ts'
import { nativeTsc } from '../tsc/native-tsc.ts'

const HELP = `span-tree tsc [arguments of tsc…]

Compiles as tsc does, and instruments the JavaScript. What to instrument stands in the tsconfig:
  "plugins": [{ "transform": "span-tree/transformer", "include": ["src/**"] }]

TypeScript 7.1 or newer   by the compiler's API
TypeScript 5.9 and 6      by ts-patch, as tspc
`

/** `span-tree tsc`: the project's own compiler, whichever it is, with instrumented JavaScript. */
export function tscCommand(): Command {
  return new Command('tsc')
    .description("compile with the project's own TypeScript, and instrument the JavaScript")
    .usage('[arguments of tsc…]')
    .argument('[arguments...]', "tsc's own: -p, --build, --watch, --outDir …")
    .helpOption(false)
    .allowUnknownOption()
    .passThroughOptions()
    .action(async (_operands: readonly string[], _options: unknown, self: Command) => {
      process.exitCode = await compile(self.args, process.cwd())
    })
}

async function compile(args: readonly string[], cwd: string): Promise<number> {
  if (args.some(each => each === '--help' || each === '-h')) process.stdout.write(`${HELP}\n`)
  const compiler = installedCompiler(cwd)
  switch (compiler.kind) {
    case 'native':
      return nativeTsc(args, compiler.directory, cwd)
    case 'javascript':
      return tspc(args, compiler, cwd)
    case 'native-without-api':
      return refuse(
        `TypeScript ${compiler.version} has no API that could instrument: ` +
          'install 7.1 or newer (npm install --save-dev typescript@7.1.0-beta), or 6 with ts-patch',
      )
    case 'none':
      return refuse('this project has no TypeScript: npm install --save-dev typescript')
  }
}

async function tspc(args: readonly string[], { version, directory }: InstalledCompiler, cwd: string): Promise<number> {
  const patch = packageFile('ts-patch', cwd)
  if (patch === undefined) {
    const major = version.startsWith('5.') ? 3 : 4
    return refuse(
      `TypeScript ${version} is instrumented by ts-patch, which this project does not have: ` +
        `npm install --save-dev ts-patch@${major}, then run this again, or tspc in place of tsc`,
    )
  }
  for (const path of forgetOutdatedBuilds(directory, args, cwd)) {
    process.stderr.write(`${relative(cwd, path)} was of a build with other options of the plugin: building anew\n`)
  }
  const command = [join(dirname(patch), 'bin/tspc.js'), ...args]
  return execute({ command: process.execPath, parameters: command, environment: process.env })
}

function refuse(reason: string): number {
  process.stderr.write(`span-tree tsc: ${reason}\n`)
  return 1
}
