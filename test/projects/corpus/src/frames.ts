/** Where an error came from, as the engine maps it: the frames in `src`, from the inside out. */
export function framesOf(error: unknown): string {
  const lines = (error as Error).stack?.split('\n') ?? []
  return lines.flatMap(line => /src\/([\w.]+:\d+:\d+)/.exec(line)?.[1] ?? []).join(' ')
}
