/**
 * `span-tree/abi` with a checker around it: fixtures import this in its place. It watches that injected code keeps the
 * protocol (every enter has its exit, what suspends is resumed), and lets the runtime do the work.
 */
import * as abi from '../../runtime/abi.ts'

type State = 'running' | 'suspended' | 'maybe suspended' | 'exited'

interface Watched {
  readonly name: string
  state: State
  failed: boolean
  /** Whether what suspended it is a `yield`. */
  yielded: boolean
}

const frames = new Map<object, Watched>()
const problems: string[] = []

/** What went against the protocol since the last call. Only a generator may be left for good, at a `yield`. */
export function takeProblems(): string[] {
  for (const { name, state, yielded } of frames.values()) {
    if (state !== 'exited' && !yielded) problems.push(`${name}: never exited, left ${state}`)
  }
  frames.clear()
  return problems.splice(0)
}

type Any = (...values: never[]) => unknown

function entering<F extends Any>(enter: F): F {
  return ((site: { name: string }) => {
    const frame = enter(site as never) as object
    frames.set(frame, { name: site.name, state: 'running', failed: false, yielded: false })
    return frame
  }) as unknown as F
}

function moving<F extends Any>(what: string, from: readonly State[], to: State | undefined, real: F): F {
  return ((frame: object, ...values: never[]) => {
    const watched = frames.get(frame)
    if (!watched) problems.push(`${what} of an unknown frame`)
    else {
      if (!from.includes(watched.state)) problems.push(`${watched.name}: ${what} while ${watched.state}`)
      if (to) watched.state = to
      watched.yielded = what === 'pause'
    }
    return real(frame as never, ...values)
  }) as unknown as F
}

function failing<F extends Any>(real: F): F {
  return ((frame: object, error: unknown, parameters?: readonly unknown[]) => {
    const watched = frames.get(frame)
    if (watched?.failed) problems.push(`${watched.name}: failed twice`)
    if (watched?.state === 'exited') problems.push(`${watched.name}: failed after its exit`)
    if (watched) watched.failed = true
    return real(frame as never, error as never, parameters as never)
  }) as unknown as F
}

const ALIVE: readonly State[] = ['running', 'suspended', 'maybe suspended']
const HERE: readonly State[] = ['running']

export const sites: typeof abi.sites = abi.sites
export const enter: typeof abi.enter = entering(abi.enter)
export const enterAsync: typeof abi.enterAsync = entering(abi.enterAsync)
export const enterGenerator: typeof abi.enterGenerator = entering(abi.enterGenerator)
export const enterAsyncGenerator: typeof abi.enterAsyncGenerator = entering(abi.enterAsyncGenerator)
export const fail: typeof abi.fail = failing(abi.fail)
export const failAsync: typeof abi.failAsync = failing(abi.failAsync)
export const failGenerator: typeof abi.failGenerator = failing(abi.failGenerator)
export const exit: typeof abi.exit = moving('exit', HERE, 'exited', abi.exit)
export const exitAsync: typeof abi.exitAsync = moving('exit', ALIVE, 'exited', abi.exitAsync)
export const exitGenerator: typeof abi.exitGenerator = moving('exit', ALIVE, 'exited', abi.exitGenerator)
export const suspend: typeof abi.suspend = moving('suspend', HERE, 'suspended', abi.suspend)
export const pause: typeof abi.pause = moving('pause', HERE, 'suspended', abi.pause)
export const pauseAsync: typeof abi.pauseAsync = moving('pause', HERE, 'suspended', abi.pauseAsync)
export const resume: typeof abi.resume = moving('resume', ALIVE, 'running', abi.resume)
export const proceed: typeof abi.proceed = moving('resume', ALIVE, 'running', abi.proceed)
export const settle: typeof abi.settle = moving('settle', HERE, undefined, abi.settle)
export const iterate: typeof abi.iterate = moving('iterate', HERE, 'maybe suspended', abi.iterate)
export const delegate: typeof abi.delegate = moving('delegate', HERE, 'maybe suspended', abi.delegate)
export const delegateAsync: typeof abi.delegateAsync = moving('delegate', HERE, 'maybe suspended', abi.delegateAsync)
export const scoped: typeof abi.scoped = moving('scoped', HERE, undefined, abi.scoped)
export const resumer: typeof abi.resumer = moving('resumer', HERE, undefined, abi.resumer)
export const disposer: typeof abi.disposer = moving('disposer', HERE, undefined, abi.disposer)
