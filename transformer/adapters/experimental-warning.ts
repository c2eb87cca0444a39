/**
 * Runs `work` without Node's ExperimentalWarning: the program did not ask for the feature, span-tree did, and the
 * warning would appear among the program's own. Other warnings pass.
 */
export function withoutExperimentalWarning<T>(work: () => T): T {
  const emitWarning = process.emitWarning
  process.emitWarning = (...parameters: unknown[]) => {
    if (!isExperimental(parameters)) Reflect.apply(emitWarning, process, parameters)
  }
  try {
    return work()
  } finally {
    process.emitWarning = emitWarning
  }
}

function isExperimental([warning, type]: unknown[]): boolean {
  if (type !== null && typeof type === 'object') return (type as { type?: unknown }).type === 'ExperimentalWarning'
  return type === 'ExperimentalWarning' || (warning instanceof Error && warning.name === 'ExperimentalWarning')
}
