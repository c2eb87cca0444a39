/** The program as the transformer instruments it, its traces handed to an exporter that does nothing with them. */
import { configure } from 'span-tree'
import { load } from '../instrumented.ts'

let exported = 0
configure({ exporters: [{ export: () => exported++ }] })

export const { leaves, outer, steps } = await load()
