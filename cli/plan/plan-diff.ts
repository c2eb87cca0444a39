import { readFileSync } from 'node:fs'
import { moduleFormat } from '../../transformer/adapters/module-format.ts'
import { instrument } from '../../transformer/instrument.ts'
import { sitePath } from '../../transformer/match.ts'
import { unifiedDiff } from '../unified-diff.ts'
import type { ProjectToPlan } from './project.ts'

/** What instrumentation does to the text of a file (absolute path), as a unified diff; empty where it does nothing. */
export function planDiff({ options, root }: ProjectToPlan, filename: string): string {
  const text = readFileSync(filename, 'utf8')
  const format = moduleFormat(filename, text)
  const { code, changed } = instrument(text, { ...options, filename, root, format, sourceMap: false })
  const path = sitePath(filename, root)
  return changed ? unifiedDiff({ before: `a/${path}`, after: `b/${path}` }, text, code) : ''
}
