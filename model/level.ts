import type { Level } from './site.ts'

/** In rising order of severity. */
export const LEVELS: readonly Level[] = ['debug', 'info', 'warning', 'error', 'critical']

/** 0 for `debug` to 4 for `critical`. */
export function severity(level: Level): number {
  return LEVELS.indexOf(level)
}
