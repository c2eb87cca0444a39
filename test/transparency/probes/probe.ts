import ts from 'typescript'
import type { Program } from '../program-writer.ts'

/**
 * A small program about one property of the language. It logs, by `log(tag, value)` and what else `host.ts` gives it,
 * all that it can see of that property; what it logs is to be the same with spans and without.
 */
export interface Probe extends Program {
  readonly name: string
  /** Whether the tick of the microtask queue in which something is logged counts; only where the probe is about that. */
  readonly ticks?: true
}

/** In a module, strict; the code begins behind its first line break. */
export function probe(name: string, code: string): Probe {
  return { name, code, format: 'module' }
}

/** In CommonJS, not strict. */
export function sloppy(name: string, code: string): Probe {
  return { name, code, format: 'commonjs' }
}

/** As `probe`, with the order of microtasks. */
export function timed(name: string, code: string): Probe {
  return { name, code, format: 'module', ticks: true }
}

/** In a module with decorators, which no engine runs yet: every tool gets what TypeScript makes of them. */
export function decorated(name: string, code: string): Probe {
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext }
  return probe(name, ts.transpileModule(code, { compilerOptions }).outputText)
}
