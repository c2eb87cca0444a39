/** The probes: what a program could tell it is instrumented by, one small program a property. */
import { classes } from './classes.ts'
import { control } from './control.ts'
import { functions } from './functions.ts'
import type { Probe } from './probe.ts'
import { suspension } from './suspension.ts'

export type { Probe } from './probe.ts'

export const GROUPS: Readonly<Record<string, readonly Probe[]>> = {
  Functions: functions,
  Classes: classes,
  'Promises and generators': suspension,
  'Statements, stacks, text': control,
}

export const PROBES: readonly Probe[] = Object.values(GROUPS).flat()
