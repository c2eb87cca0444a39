import type { FunctionKind, SiteOptions } from '../model/index.ts'
import { decorationPlace } from '../runtime/call-site.ts'
import { RuntimeSite } from '../runtime/site.ts'
import type { SiteOf } from './wrap.ts'

export interface DecoratorOptions extends SiteOptions {
  /** In place of `Class.method`. */
  readonly name?: string
}

export interface Member {
  readonly key: string | symbol
  readonly functionKind: FunctionKind
  readonly isStatic: boolean
  /** Known at once with legacy decorators; otherwise found from `this` at the first call. */
  readonly className?: string
}

/** The site of a decorated member, made at its first call. Its place is that of the decorator. */
export function memberSite(member: Member, options: DecoratorOptions): SiteOf {
  const place = decorationPlace()
  let site: RuntimeSite | undefined
  return self => (site ??= makeSite(place, nameOf(member, options, self), member.functionKind, options))
}

function makeSite(
  place: ReturnType<typeof decorationPlace>,
  name: string,
  kind: FunctionKind,
  options: DecoratorOptions,
): RuntimeSite {
  const { name: _, ...rest } = options
  return new RuntimeSite(place.file, place.module, [name, kind, place.line, place.column, { o: rest }])
}

function nameOf(member: Member, options: DecoratorOptions, self: unknown): string {
  if (options.name !== undefined) return options.name
  const owner = member.className ?? ownerOf(member, self)
  const prefix = member.functionKind === 'getter' ? 'get ' : member.functionKind === 'setter' ? 'set ' : ''
  return `${owner === '' ? '' : `${owner}.`}${prefix}${labelOf(member.key)}`
}

/** The class that has the member: an instance may be of a subclass. */
function ownerOf({ key, isStatic }: Member, self: unknown): string {
  if (self === null || (typeof self !== 'object' && typeof self !== 'function')) return ''
  for (let at: object | null = self; at !== null; at = Object.getPrototypeOf(at)) {
    if (Object.hasOwn(at, key) && at !== Object.prototype) return classNameOf(isStatic ? at : prototypeOwner(at, self))
  }
  return classNameOf(isStatic ? self : (Object.getPrototypeOf(self) as object | null)?.constructor)
}

function prototypeOwner(at: object, self: object): unknown {
  // A field's function is on the instance itself.
  return (at === self ? (Object.getPrototypeOf(self) as object | null) : at)?.constructor
}

function classNameOf(value: unknown): string {
  return typeof value === 'function' ? value.name : ''
}

function labelOf(key: string | symbol): string {
  return typeof key === 'string' ? key : `[${key.description ?? 'symbol'}]`
}
