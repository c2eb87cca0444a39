import { types } from 'node:util'
import type { FunctionKind, SiteOptions } from '../model/index.ts'
import { decorationPlace } from '../runtime/call-site.ts'
import { RuntimeSite } from '../runtime/site.ts'
import type { AnyFunction, SiteOf } from './wrap.ts'

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
  return (self, wrapper) =>
    (site ??= makeSite(place, nameOf(member, options, self, wrapper), member.functionKind, options))
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

function nameOf(member: Member, options: DecoratorOptions, self: unknown, wrapper: AnyFunction): string {
  if (options.name !== undefined) return options.name
  const owner = member.className ?? ownerOf(member, self, wrapper)
  const prefix = member.functionKind === 'getter' ? 'get ' : member.functionKind === 'setter' ? 'set ' : ''
  return `${owner === '' ? '' : `${owner}.`}${prefix}${labelOf(member.key)}`
}

/**
 * The name of the class that has the member: an instance may be of a subclass, which may have one of the same name that called
 * `super`. Where a further decorator has put something else in the wrapper's place, it is the nearest that has the name.
 */
function ownerOf({ key, isStatic }: Member, self: unknown, wrapper: AnyFunction): string {
  if (self === null || (typeof self !== 'object' && typeof self !== 'function')) return ''
  try {
    const holders = prototypesOf(self).filter(at => Object.hasOwn(at, key) && at !== Object.prototype)
    const holder = holders.find(at => holds(at, key, wrapper)) ?? holders[0] ?? self
    return classNameOf(isStatic ? holder : constructorOf(holder))
  } catch {
    // A proxy whose traps throw.
    return ''
  }
}

function prototypesOf(self: object): object[] {
  const chain: object[] = []
  for (let at: object | null = self; at !== null; at = Object.getPrototypeOf(at)) if (!types.isProxy(at)) chain.push(at)
  return chain
}

function holds(holder: object, key: string | symbol, wrapper: AnyFunction): boolean {
  const { value, get, set } = Object.getOwnPropertyDescriptor(holder, key) ?? {}
  return value === wrapper || get === wrapper || set === wrapper
}

/** Of a prototype, or of an instance, which has none of its own. */
function constructorOf(holder: object): unknown {
  const at = Object.hasOwn(holder, 'constructor') ? holder : (Object.getPrototypeOf(holder) as object | null)
  return at === null ? undefined : Object.getOwnPropertyDescriptor(at, 'constructor')?.value
}

function classNameOf(value: unknown): string {
  const name = typeof value === 'function' ? Object.getOwnPropertyDescriptor(value, 'name')?.value : undefined
  return typeof name === 'string' ? name : ''
}

function labelOf(key: string | symbol): string {
  return typeof key === 'string' ? key : `[${key.description ?? 'symbol'}]`
}
