import { isObject, type Json } from '../span-of-json.ts'

/** A call, of a profile. Times in the profile's own unit. */
export interface ProfileCall {
  /** Its place in the list of frames. */
  readonly frame: number
  readonly start: number
  end: number
  /** What called it. */
  readonly parent?: ProfileCall
}

/** Says where in the profile something is wrong: `events[3]`. */
export type Complain = (place: string, why: string) => void

/** The calls of a profile (https://www.speedscope.app/file-format-schema.json), those that call before those that are called. */
export function callsOf(profile: Json, frames: number, complain: Complain): ProfileCall[] {
  switch (profile['type']) {
    case 'evented':
      return new OpenCalls(profile, frames, complain).ofEvents()
    case 'sampled':
      return new OpenCalls(profile, frames, complain).ofSamples()
    default:
      complain('type', `neither evented nor sampled: ${JSON.stringify(profile['type'])}`)
      return []
  }
}

class OpenCalls {
  readonly #profile: Json
  readonly #frames: number
  readonly #complain: Complain
  readonly #calls: ProfileCall[] = []
  readonly #open: ProfileCall[] = []
  #now: number

  constructor(profile: Json, frames: number, complain: Complain) {
    this.#profile = profile
    this.#frames = frames
    this.#complain = complain
    this.#now = numberOr(profile['startValue'], 0)
  }

  ofEvents(): ProfileCall[] {
    const { events, endValue } = this.#profile
    if (Array.isArray(events)) for (const [i, event] of events.entries()) this.#take(event, `events[${i}]`)
    else this.#complain('events', 'not a list')
    this.#now = Math.max(this.#now, numberOr(endValue, this.#now))
    this.#closeTo(0)
    return this.#calls
  }

  /** Calls go on from one sample to the next as far as their stacks are the same. */
  ofSamples(): ProfileCall[] {
    const { samples, weights, endValue } = this.#profile
    if (Array.isArray(samples) && Array.isArray(weights))
      for (const [i, stack] of samples.entries()) this.#sample(stack, weights[i], i)
    else this.#complain(Array.isArray(samples) ? 'weights' : 'samples', 'not a list')
    // Weights that are rounded can go beyond it, not stay behind.
    this.#now = Math.max(this.#now, this.#calls.length === 0 ? numberOr(endValue, this.#now) : this.#now)
    this.#closeTo(0)
    return this.#calls
  }

  #take(event: unknown, place: string): void {
    const { type, frame, at } = isObject(event) ? event : {}
    if (!this.#isFrame(frame)) this.#complain(`${place}.frame`, 'no frame of the file')
    else if (typeof at !== 'number' || !Number.isFinite(at)) this.#complain(`${place}.at`, 'not a number')
    else {
      if (at < this.#now) this.#complain(`${place}.at`, 'before what was before it; taken for the same time')
      this.#now = Math.max(this.#now, at)
      if (type === 'O') this.#begin(frame)
      else if (type === 'C') this.#close(frame, place)
      else this.#complain(`${place}.type`, 'neither O nor C')
    }
  }

  #close(frame: number, place: string): void {
    const depth = this.#open.findLastIndex(call => call.frame === frame)
    if (depth < 0) this.#complain(place, 'it closes what is not open')
    else {
      if (depth < this.#open.length - 1) this.#complain(place, 'what it called is open still; closed with it')
      this.#closeTo(depth)
    }
  }

  #sample(stack: unknown, weight: unknown, i: number): void {
    if (!Array.isArray(stack) || !stack.every(frame => this.#isFrame(frame)))
      this.#complain(`samples[${i}]`, 'no list of frames of the file')
    else this.#goOn(stack)
    if (typeof weight === 'number' && weight >= 0 && Number.isFinite(weight)) this.#now += weight
    else this.#complain(`weights[${i}]`, 'not a number, or below 0')
  }

  #goOn(stack: readonly number[]): void {
    let same = 0
    while (same < stack.length && this.#open[same]?.frame === stack[same]) same++
    this.#closeTo(same)
    for (const frame of stack.slice(same)) this.#begin(frame)
  }

  #begin(frame: number): void {
    const parent = this.#open.at(-1)
    const call = { frame, start: this.#now, end: this.#now, ...(parent && { parent }) }
    this.#calls.push(call)
    this.#open.push(call)
  }

  #closeTo(depth: number): void {
    for (const call of this.#open.splice(depth)) call.end = this.#now
  }

  #isFrame(frame: unknown): frame is number {
    return Number.isInteger(frame) && (frame as number) >= 0 && (frame as number) < this.#frames
  }
}

function numberOr(value: unknown, other: number): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : other
}
