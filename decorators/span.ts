import { type DecoratorOptions, type Member, memberSite } from './member-site.ts'
import { type AnyFunction, isWrapped, wrap } from './wrap.ts'

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

/** Takes a method, getter or setter out of what `@span` on its class, or a glob, selects. */
export const noSpan: SpanDecorator = ((...values: unknown[]) => {
  const [target, contextOrKey, descriptor] = values as [unknown, unknown, PropertyDescriptor | undefined]
  if (isContext(contextOrKey)) exclude(target)
  else if (descriptor) for (const each of [descriptor.value, descriptor.get, descriptor.set]) exclude(each)
}) as never

function exclude(value: unknown): void {
  if (typeof value === 'function') excluded.add(value)
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
  const traced = (fn: unknown, functionKind: Member['functionKind']): unknown =>
    typeof fn === 'function' ? wrap(fn as AnyFunction, memberSite({ ...member, functionKind }, options)) : fn
  switch (context.kind) {
    case 'method':
      return traced(value, 'method')
    case 'getter':
      return traced(value, 'getter')
    case 'setter':
      return traced(value, 'setter')
    case 'accessor': {
      const { get, set } = value as { get: unknown; set: unknown }
      return { get: traced(get, 'getter'), set: traced(set, 'setter') }
    }
    case 'field': {
      const siteOf = memberSite({ ...member, functionKind: 'method' }, options)
      return (initial: unknown) => (typeof initial === 'function' ? wrap(initial as AnyFunction, siteOf) : initial)
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
  const traced = (fn: unknown, functionKind: Member['functionKind']): unknown =>
    typeof fn === 'function' && !isWrapped(fn) && !excluded.has(fn)
      ? wrap(fn as AnyFunction, memberSite({ ...place, functionKind }, options))
      : fn
  const result = { ...descriptor }
  if ('value' in descriptor) result.value = traced(descriptor.value, 'method')
  if (descriptor.get) result.get = traced(descriptor.get, 'getter') as () => unknown
  if (descriptor.set) result.set = traced(descriptor.set, 'setter') as (value: unknown) => void
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
      if (descriptor.configurable !== true || isClass(descriptor.value)) continue
      Object.defineProperty(holder, key, tracedDescriptor(descriptor, { key, isStatic, className }, options))
    }
  }
}

/** A class that another class holds as a static member is no method of it. */
function isClass(value: unknown): boolean {
  return typeof value === 'function' && Object.getOwnPropertyDescriptor(value, 'prototype')?.writable === false
}
