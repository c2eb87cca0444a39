import type { Diagnostic } from './plan.ts'
import type { Position } from './positions.ts'

export type DiagnosticCode =
  | 'SPT1001'
  | 'SPT1002'
  | 'SPT1003'
  | 'SPT1004'
  | 'SPT1005'
  | 'SPT1006'
  | 'SPT2001'
  | 'SPT2002'
  | 'SPT2003'
  | 'SPT2004'
  | 'SPT2005'
  | 'SPT2006'
  | 'SPT2007'
  | 'SPT2008'
  | 'SPT2009'
  | 'SPT2010'
  | 'SPT2011'
  | 'SPT3001'
  | 'SPT3002'
  | 'SPT3003'

export interface DiagnosticKind {
  readonly severity: Diagnostic['severity']
  /** `{name}` stands for a value given to `diagnostic`. */
  readonly template: string
}

/** Everything that the transformer can complain of: what is wrong, then what to do, in one line. */
export const DIAGNOSTICS: Readonly<Record<DiagnosticCode, DiagnosticKind>> = {
  SPT1001: {
    severity: 'error',
    template: 'this file does not parse ({reason}): it is left uninstrumented; correct it, or exclude it',
  },
  SPT1002: {
    severity: 'warning',
    template: '{tag} has no effect here: {reason}',
  },
  SPT1003: {
    severity: 'warning',
    template: '{tag} has no effect in a plain comment: write /** {tag} */',
  },
  SPT1004: {
    severity: 'warning',
    template: '{name} is left uninstrumented: another transformer has replaced it; list span-tree/transformer first',
  },
  SPT1005: {
    severity: 'warning',
    template: 'this file is nested too deeply to be read: it is left uninstrumented; exclude it',
  },
  SPT1006: {
    severity: 'warning',
    template: 'this file is not UTF-8: it is left uninstrumented; save it as UTF-8, or exclude it',
  },
  SPT2001: {
    severity: 'error',
    template: "unknown option '{key}'{hint}",
  },
  SPT2002: {
    severity: 'error',
    template: "option '{key}' must be {expected}, not {actual}: it is ignored",
  },
  SPT2003: {
    severity: 'warning',
    template: "the pattern '{pattern}' matches no file: patterns are relative to {root}",
  },
  SPT2004: {
    severity: 'error',
    template: 'SPAN_TREE_OPTIONS is not JSON ({reason}): it is ignored',
  },
  SPT2005: {
    severity: 'error',
    template:
      'Node cannot run this TypeScript as it stands (decorators, enums, namespaces, parameter properties, JSX, or imports in CommonJS) and ' +
      'there is no TypeScript to compile it: it is left uninstrumented; npm install --save-dev typescript@6',
  },
  SPT2006: {
    severity: 'error',
    template: 'span-tree/transformer is listed twice: only the first entry counts; make them one',
  },
  SPT2007: {
    severity: 'error',
    template: 'this configuration cannot be read ({reason}): it is ignored',
  },
  SPT2008: {
    severity: 'warning',
    template: 'this configuration is ignored: {used} comes first; make them one',
  },
  SPT2009: {
    severity: 'error',
    template: 'the predicate of the configuration threw for {name} ({reason}): that function is left uninstrumented',
  },
  SPT2010: {
    severity: 'warning',
    template: 'nothing is instrumented: this build is for the browser ({setting}), and the runtime needs Node',
  },
  SPT2011: {
    severity: 'warning',
    template:
      'Bun hands these files, which it takes for CommonJS, to no plugin: they are left uninstrumented ({files}); ' +
      'require them from CommonJS, or make them ES modules',
  },
  SPT3001: {
    severity: 'error',
    template: 'the compiler refuses the options of this project: nothing is instrumented until they are right',
  },
  SPT3002: {
    severity: 'error',
    template: "span-tree/transformer cannot work with '{key}': it is ignored; remove '{key}' from its entry",
  },
  SPT3003: {
    severity: 'warning',
    template:
      "the plugin's options have changed since the last complete build: files that did not change keep their old " +
      'instrumentation; delete {buildInfo}, or build with --force',
  },
}

/** A diagnostic of the registry, with its template filled in. */
export function diagnostic(
  code: DiagnosticCode,
  values: Readonly<Record<string, string>>,
  file: string,
  position?: Position,
): Diagnostic {
  const { severity, template } = DIAGNOSTICS[code]
  const message = template.replace(/\{(\w+)\}/g, (all, name: string) => values[name] ?? all)
  return { severity, code, message, file, ...position }
}

/** One line, as compilers write it: `src/order.ts:3:5 - warning SPT1002: …`. */
export function formatDiagnostic(d: Diagnostic): string {
  const place = d.line === undefined ? d.file : `${d.file}:${d.line}:${d.column ?? 1}`
  return `${place} - ${d.severity} ${d.code}: ${d.message}`
}
