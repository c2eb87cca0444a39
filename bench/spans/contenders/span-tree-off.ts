/** The instrumented program with tracing switched off. */
import { configure } from 'span-tree'
import { load } from '../instrumented.ts'

configure({ mode: 'off' })

export const { leaves, outer, steps } = await load()
