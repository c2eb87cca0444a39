/**
 * Where finished traces go: printed for people (`terminal.ts`: `renderTerminal` is the tree as text, made by `tree-layout.ts`
 * from the rows of its neighbours; `stream-cursor.ts` prints one that still grows), written as lines of JSON, or kept
 * for tests. What is printed was recorded from a program's data, so it passes through `printable.ts` first; what is
 * written passes through `output.ts`, which never lets a broken pipe reach the program.
 */
export type { Exporter } from './exporter.ts'
export { JsonExporter, type JsonOptions, jsonExporter, jsonLine } from './json.ts'
export { Recorder } from './recorder.ts'
export {
  type RenderOptions,
  renderTerminal,
  TerminalExporter,
  type TerminalOptions,
  terminalExporter,
} from './terminal.ts'
