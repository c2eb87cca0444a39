import { readFileSync } from 'node:fs'
import type { ImportAttributes } from 'node:module'
import { resolve } from 'node:path'
import { type Context, type Module, SourceTextModule, SyntheticModule } from 'node:vm'
import * as abi from '../../runtime/abi.ts'

type Render = (code: string, path: string) => string

/** The modules of one context: what a test imports lies beside it, and is rendered as the test is. */
export class Modules {
  readonly #context: Context
  readonly #render: Render
  readonly #modules = new Map<string, Module>()

  constructor(context: Context, render: Render) {
    this.#context = context
    this.#render = render
  }

  /** Loads, links and evaluates. */
  async run(path: string): Promise<void> {
    const module = this.#module(path)
    await module.link(this.#link)
    await module.evaluate()
  }

  /** `import(specifier)` in the script or module at `referrer`. */
  async import(specifier: string, referrer: string, attributes: ImportAttributes): Promise<Module> {
    const module = this.#find(specifier, referrer, attributes)
    if (module.status === 'unlinked') await module.link(this.#link)
    if (module.status === 'linked') await module.evaluate()
    return module
  }

  readonly #link = (
    specifier: string,
    { identifier }: Module,
    { attributes }: { attributes: ImportAttributes },
  ): Module => this.#find(specifier, identifier, attributes)

  #find(specifier: string, referrer: string, { type }: ImportAttributes): Module {
    if (specifier === 'span-tree/abi') return this.#cached(specifier, () => this.#synthetic(abi))
    return this.#module(resolve(referrer, '..', specifier), type)
  }

  #module(path: string, type?: string): Module {
    return this.#cached(`${type ?? ''} ${path}`, () => {
      const text = readFileSync(path, 'utf8')
      if (type === 'json') return this.#synthetic({ default: this.#parse(text) })
      if (type === 'text') return this.#synthetic({ default: text })
      return new SourceTextModule(this.#render(text, path), {
        context: this.#context,
        identifier: path,
        importModuleDynamically: (specifier, _, attributes) => this.import(specifier, path, attributes) as never,
      })
    })
  }

  #parse(text: string): unknown {
    return (this.#context['JSON'] as typeof JSON).parse(text)
  }

  #cached(key: string, make: () => Module): Module {
    const module = this.#modules.get(key) ?? make()
    this.#modules.set(key, module)
    return module
  }

  #synthetic(values: object): Module {
    const entries = Object.entries(values)
    return new SyntheticModule(
      entries.map(([name]) => name),
      function () {
        for (const [name, value] of entries) this.setExport(name, value)
      },
      { context: this.#context },
    )
  }
}
