/** The instrumented program, every trace written as a line of JSON to nowhere. */
import { createWriteStream } from 'node:fs'
import { configure } from 'span-tree'
import { JsonExporter } from '../../../dist/runtime/exporters/json.js'
import { load } from '../instrumented.ts'

configure({ exporters: [new JsonExporter({ stream: createWriteStream('/dev/null') })] })

export const { leaves, outer, steps } = await load()
