import type { Method } from './unseen-call.ts'

/**
 * The functions that this module makes do one thing after another, and have no frame on the stack while they do the last. Only
 * a tail call leaves a stack, and V8 has those in WebAssembly alone:
 *
 *     (type $take (func (param externref externref)))
 *     (type $apply (func (param externref externref externref) (result externref)))
 *     (import "" "take" (func $take (type $take)))
 *     (import "" "apply" (func $apply (type $apply)))
 *     (global $finish (export "finish") (mut externref) (ref.null extern))
 *     (global $call (export "call") (mut externref) (ref.null extern))
 *     (func (export "step") (param externref externref externref externref) (result externref)
 *       (call $take (local.get 0) (local.get 3))
 *       (return_call $apply (local.get 1) (local.get 2) (local.get 2)))
 *     (func (export "run") (result externref)
 *       (return_call $apply (global.get $finish) (global.get $call) (global.get $call)))
 *
 * in the binary format of the WebAssembly specification 3.0, chapter 5.
 */
interface Exports {
  /** `take(value)`, then `Reflect.apply(finish, call, call)`. */
  step(take: (value: unknown) => void, finish: Method, call: ArrayLike<unknown>, value: unknown): unknown
  /** The same without a value, of what the two globals hold: no bound function, but one as the engine makes them of code. */
  run(): unknown
  readonly finish: { value: unknown }
  readonly call: { value: unknown }
}

const { apply } = Reflect

function bytes(): Uint8Array {
  const [FUNC, EXTERNREF, MUTABLE, NULL, END] = [0x60, 0x6f, 1, 0xd0, 0x0b]
  const [GET, GLOBAL, CALL, TAIL_CALL] = [0x20, 0x23, 0x10, 0x12]
  const refs = (count: number): number[] => [count, ...new Array<number>(count).fill(EXTERNREF)]
  const section = (id: number, ...content: number[]): number[] => [id, content.length, ...content]
  const name = (text: string): number[] => [text.length, ...Array.from(text, letter => letter.charCodeAt(0))]
  const global = [EXTERNREF, MUTABLE, NULL, EXTERNREF, END]
  const step = [0, GET, 0, GET, 3, CALL, 0, GET, 1, GET, 2, GET, 2, TAIL_CALL, 1, END]
  const run = [0, GLOBAL, 0, GLOBAL, 1, GLOBAL, 1, TAIL_CALL, 1, END]
  const [take, applied] = [
    [FUNC, ...refs(2), 0],
    [FUNC, ...refs(3), ...refs(1)],
  ]
  const [stepped, ran] = [
    [FUNC, ...refs(4), ...refs(1)],
    [FUNC, 0, ...refs(1)],
  ]
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, 4, ...take, ...applied, ...stepped, ...ran),
    ...section(2, 2, 0, ...name('take'), 0, 0, 0, ...name('apply'), 0, 1),
    ...section(3, 2, 2, 3),
    ...section(6, 2, ...global, ...global),
    ...section(7, 4, ...name('step'), 0, 2, ...name('run'), 0, 3, ...name('finish'), 3, 0, ...name('call'), 3, 1),
    ...section(10, 2, step.length, ...step, run.length, ...run),
  ])
}

/** Made when something is first asked for: most programs neither delegate to an iterator nor await a disposal. */
let instantiate: (() => Exports) | undefined

/** A new one: each has globals of its own. */
export function unseenFunctions(): Exports {
  instantiate ??= compiled() ?? (() => new Seen())
  return instantiate()
}

function compiled(): (() => Exports) | undefined {
  const imports = { '': { take: (taker: (value: unknown) => void, value: unknown): void => taker(value), apply } }
  try {
    const module = new WebAssembly.Module(bytes())
    return () => new WebAssembly.Instance(module, imports).exports
  } catch {
    return undefined
  }
}

/** Where there is no WebAssembly, or no tail call in it: a frame of ours is seen. */
class Seen implements Exports {
  readonly finish: { value: unknown } = { value: null }
  readonly call: { value: unknown } = { value: null }

  readonly step: Exports['step'] = (take, finish, call, value) => {
    take(value)
    return apply(finish, call, call)
  }

  readonly run: Exports['run'] = () =>
    apply(this.finish.value as Method, this.call.value, this.call.value as ArrayLike<never>)
}

/** What is used of it; TypeScript has its types among those of browsers. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (
    module: object,
    imports: Record<string, Record<string, unknown>>,
  ) => { readonly exports: Exports }
}
