import { execFile } from 'node:child_process'

export interface Ended {
  readonly stdout: string
  readonly stderr: string
  /** The exit code; the signal, or an error's code, where there is none. */
  readonly code: string
}

/** `node …`, by this very Node; neither a runner's variables nor span-tree's come into its environment from here. */
export function runNode(
  parameters: readonly string[],
  directory: string,
  additions: NodeJS.ProcessEnv,
): Promise<Ended> {
  const { PATH, HOME } = process.env
  const env = { PATH, HOME, CI: '1', NO_COLOR: '1', SPAN_TREE_CACHE: 'off', ...additions }
  const options = { cwd: directory, env, maxBuffer: Number.POSITIVE_INFINITY }
  return new Promise(resolve => {
    execFile(process.execPath, parameters, options, (error, stdout, stderr) => {
      resolve({ stdout, stderr, code: String(error ? (error.code ?? error.signal) : 0) })
    })
  })
}
