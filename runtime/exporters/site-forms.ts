import type { RuntimeSite } from '../site.ts'

/** What an encoder has made for each site, once for its calls and once for those that are the root of their trace. */
export class SiteForms<F> {
  readonly #make: (site: RuntimeSite, isRoot: boolean) => F
  readonly #ofCalls = new WeakMap<RuntimeSite, F>()
  readonly #ofRoots = new WeakMap<RuntimeSite, F>()
  // Neighbours are often calls of one site.
  #lastSite: RuntimeSite | undefined
  #lastForm: F | undefined

  constructor(make: (site: RuntimeSite, isRoot: boolean) => F) {
    this.#make = make
  }

  of(site: RuntimeSite, isRoot: boolean): F {
    if (isRoot) return this.#find(this.#ofRoots, site, true)
    if (site !== this.#lastSite) {
      this.#lastForm = this.#find(this.#ofCalls, site, false)
      this.#lastSite = site
    }
    return this.#lastForm as F
  }

  #find(known: WeakMap<RuntimeSite, F>, site: RuntimeSite, isRoot: boolean): F {
    let form = known.get(site)
    if (form === undefined) known.set(site, (form = this.#make(site, isRoot)))
    return form
  }
}
