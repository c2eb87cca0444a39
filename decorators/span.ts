import { type DecoratorOptions, type Member, memberSite } from './member-site.ts'
import { type AnyFunction, isClass, isConstructor, isWrapped, type SiteOf, unwrapped, wrap } from './wrap.ts'

type ClassMember =
  | ClassMethodDecoratorContext
  | ClassGetterDecoratorContext
  | ClassSetterDecoratorContext
  | ClassFieldDecoratorContext
  | ClassAccessorDecoratorContext
type StandardContext = ClassMember | ClassDecoratorContext

/** What `@span` is on a class or a member, under standard and under `experimentalDecorators`. */
export interface SpanDecorator {
  // biome-ignore lint/suspicious/noExplicitAny: a decorator takes members of every type, and gives them back as they are.
  <T>(value: T, context: StandardContext): any
  // biome-ignore lint/complexity/noBannedTypes: what TypeScript passes to a legacy class decorator.
  <T extends Function>(target: T): void
  (target: object, key: string | symbol, descriptor?: PropertyDescriptor): void
}

const excluded = new WeakSet<object>()

/**
 * Marks a class, method, accessor, getter, setter or function-valued field: every call of it is a span. `@span`, `@span('name')` or
 * `@span({ name, level, kind, minDuration })`. Code that the transformer has seen is instrumented in place and the decorator removed; elsewhere
 * the decorator wraps what it is on, under standard and legacy decorators alike. On a class it then means the methods, getters
 * and setters on it and its prototype; private ones, constructors and fields need the transformer.
 */
export const span: SpanDecorator & ((options?: string | DecoratorOptions) => SpanDecorator) = ((
  ...values: unknown[]
) => {
  if (isDecoration(values)) return decorate(values, {})
  const options = optionsOf(values[0])
  return (...inner: unknown[]) => decorate(inner, options)
}) as never

/** Takes a method, getter, setter or accessor out of what `@span` on it or on its class, or a glob, selects. */
export const noSpan: SpanDecorator = ((...values: unknown[]) => {
  const [target, contextOrKey, descriptor] = values as [unknown, unknown, PropertyDescriptor | undefined]
  if (!isContext(contextOrKey)) return descriptor && excludedParts(descriptor)
  return typeof target === 'object' && target !== null ? excludedParts(target) : exclude(target)
}) as never

/** A descriptor, or the two halves of an `accessor`. */
function excludedParts(parts: PropertyDescriptor): PropertyDescriptor {
  return Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, exclude(part)]))
}

/** Without what `@span` has made of it, if that came first. */
function exclude<T>(value: T): T {
  const original = unwrapped(value)
  if (typeof original === 'function') excluded.add(original)
  return original
}

/** The member in a span, unless it is excluded, or no function that can be called. */
function traced<T>(fn: T, siteOf: () => SiteOf): T {
  if (typeof fn !== 'function' || isWrapped(fn) || excluded.has(fn) || isClass(fn)) return fn
  return wrap(fn as T & AnyFunction, siteOf())
}

function optionsOf(value: unknown): DecoratorOptions {
  if (value === undefined) return {}
  if (typeof value === 'string') return { name: value }
  if (typeof value === 'object' && value !== null) return value
  throw new TypeError(`@span takes a name or options, not ${typeof value}`)
}

function isContext(value: unknown): value is StandardContext {
  return typeof value === 'object' && value !== null && 'kind' in value && 'addInitializer' in value
}

/** Whether `span` was called as a decorator, not as the maker of one. */
function isDecoration(values: unknown[]): boolean {
  const [first, second] = values
  return isContext(second) || typeof first === 'function' || typeof second === 'string' || typeof second === 'symbol'
}

function decorate(values: unknown[], options: DecoratorOptions): unknown {
  const [target, second, descriptor] = values as [never, unknown, PropertyDescriptor | undefined]
  if (isContext(second)) return decorateStandard(target, second, options)
  if (second === undefined) return decorateClass(target, options)
  return decorateLegacy(target, second as string | symbol, descriptor, options)
}

function decorateStandard(value: unknown, context: StandardContext, options: DecoratorOptions): unknown {
  if (context.kind === 'class') return decorateClass(value as AnyFunction, options)
  const member = { key: context.name, isStatic: context.static }
  const part = <T>(fn: T, functionKind: Member['functionKind']): T =>
    traced(fn, () => memberSite({ ...member, functionKind }, options))
  switch (context.kind) {
    case 'method':
      return part(value, 'method')
    case 'getter':
      return part(value, 'getter')
    case 'setter':
      return part(value, 'setter')
    case 'accessor': {
      const { get, set } = value as { get: unknown; set: unknown }
      return { get: part(get, 'getter'), set: part(set, 'setter') }
    }
    case 'field': {
      const siteOf = memberSite({ ...member, functionKind: 'method' }, options)
      return (initial: unknown) => traced(initial, () => siteOf)
    }
  }
}

function decorateLegacy(
  target: object,
  key: string | symbol,
  descriptor: PropertyDescriptor | undefined,
  options: DecoratorOptions,
): PropertyDescriptor | undefined {
  const isStatic = typeof target === 'function'
  const className = (isStatic ? (target as AnyFunction) : target.constructor).name
  if (descriptor === undefined) {
    process.emitWarning(
      `@span on the field ${className}.${String(key)} has no effect: with experimentalDecorators a field needs the transformer`,
      { code: 'SPAN_TREE_FIELD' },
    )
    return undefined
  }
  return tracedDescriptor(descriptor, { key, isStatic, className }, options)
}

type Place = Omit<Member, 'functionKind'>

function tracedDescriptor(descriptor: PropertyDescriptor, place: Place, options: DecoratorOptions): PropertyDescriptor {
  const part = <T>(fn: T, functionKind: Member['functionKind']): T =>
    traced(fn, () => memberSite({ ...place, functionKind }, options))
  const result = { ...descriptor }
  if ('value' in descriptor) result.value = part(descriptor.value as unknown, 'method')
  if (descriptor.get) result.get = part(descriptor.get, 'getter')
  if (descriptor.set) result.set = part(descriptor.set, 'setter')
  return result
}

/** The members of the class itself; a name for all of them would tell them apart from nothing. */
function decorateClass(target: AnyFunction, { name, ...options }: DecoratorOptions): void {
  const className = name ?? target.name
  for (const [holder, isStatic] of [
    [target, true],
    [target.prototype, false],
  ] as const) {
    for (const key of Reflect.ownKeys(holder)) {
      if (key === 'constructor' || (isStatic && (key === 'prototype' || key === 'name' || key === 'length'))) continue
      const descriptor = Object.getOwnPropertyDescriptor(holder, key) as PropertyDescriptor
      if (descriptor.configurable !== true || isConstructor(descriptor.value)) continue
      Object.defineProperty(holder, key, tracedDescriptor(descriptor, { key, isStatic, className }, options))
    }
  }
}
