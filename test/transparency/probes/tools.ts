import { createRequire } from 'node:module'
import { create, type FunctionKind, type InstrumentationConfig } from '@apm-js-collab/code-transformer'
import { createInstrumenter } from 'istanbul-lib-instrument'
import type { InstrumentOptions } from '../../../transformer/options.ts'
import { ast, type Rendered, type Renderer, text } from '../renderers.ts'

/** What instruments a probe, and its version. */
export interface Tool extends Renderer {
  readonly title: string
  readonly version: string
}

const packages = createRequire(import.meta.url)
const versionOf = (name: string): string => (packages(`${name}/package.json`) as { version: string }).version

const own = { version: versionOf('../../..') }

const istanbul: Tool = {
  name: 'istanbul',
  title: 'istanbul-lib-instrument',
  version: versionOf('istanbul-lib-instrument'),
  plain: text.plain,
  instrumented(code, { filename, format }) {
    const instrumenter = createInstrumenter({ esModules: format === 'module', produceSourceMap: true })
    const instrumented = instrumenter.instrumentSync(code, filename)
    return { code: instrumented, map: JSON.stringify(instrumenter.lastSourceMap()) }
  },
}

/**
 * It is made for single, named functions; here it gets a query for each function of the probe by itself, the way that asks
 * least of it: one query for all of them also matches the functions that it makes, without end.
 */
const codeTransformer: Tool = {
  name: 'code-transformer',
  title: '@apm-js-collab/code-transformer',
  version: versionOf('@apm-js-collab/code-transformer'),
  plain: text.plain,
  instrumented(code, options) {
    const found: InstrumentationConfig[] = []
    const note = (node: Found, parent: Parent): void => void found.push(queryFor(node, parent))
    const every = { astQuery: '[async]', functionQuery: { index: null } }
    transform(
      [
        {
          ...PLACE,
          ...every,
          transform: (_, node, parent) => note(node as unknown as Found, parent as unknown as Parent),
        },
      ],
      code,
      options,
    )
    return found.length > 0 ? transform(found, code, options) : { code, map: null }
  },
}

type Found = { readonly start: number; readonly async: boolean; readonly generator: boolean }
type Parent = { readonly kind?: string }

const PLACE = {
  channelName: 'probe',
  module: { name: 'probe', versionRange: '>=0.0.0', filePath: 'probe.js' },
}

/** A query without a name would have it take a method for a constructor. */
function queryFor({ start, async, generator }: Found, { kind }: Parent): InstrumentationConfig {
  const shape: FunctionKind = async && !generator ? 'Async' : 'Sync'
  const named = kind === 'constructor' ? {} : { functionName: 'any' }
  return { ...PLACE, astQuery: `[async][start=${start}]`, functionQuery: { ...named, kind: shape, index: null } }
}

function transform(configs: InstrumentationConfig[], code: string, { filename, format }: InstrumentOptions): Rendered {
  const transformer = create(configs).getTransformer('probe', '1.0.0', 'probe.js')!
  const type = format === 'module' ? 'esm' : 'cjs'
  const { code: instrumented, map } = transformer.transform(code, type, null, { sourceFile: filename })
  return { code: instrumented, map: map ?? null }
}

export const TOOLS: readonly Tool[] = [
  { ...text, ...own, title: 'span-tree, in text' },
  { ...ast, ...own, title: 'span-tree, by ts-patch' },
  istanbul,
  codeTransformer,
]
