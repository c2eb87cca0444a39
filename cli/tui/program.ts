import type { AnnotateFlags } from '../query/annotate-group.ts'
import { frame } from './frame.ts'
import type { Key } from './keys.ts'
import type { Trouble } from './remote.ts'
import type { SourceFiles } from './source-file.ts'
import { type Effect, loading, type State, type StateEvent, type View } from './state.ts'
import type { TraceSource } from './trace-source.ts'
import { update } from './update.ts'

/** What only the terminal's side can do. */
export interface Terminal {
  /** Runs an editor on the place of a row; what kept it from that, if anything did. */
  edit(node: Extract<Effect, { kind: 'edit' }>['node']): Promise<string | undefined>
  copy(text: string): void
  suspend(): Promise<void>
  quit(): void
}

/** Milliseconds between looks for what is new: at a file's size and time, or by asking a receiver. */
const LOOK_EVERY = 1_000
/** Times as long as an answer took that nothing is asked again: what is followed costs a twentieth of a processor at most. */
const REST = 20
/** Milliseconds that a query line stands still before it is asked. */
const TYPING = 120

/** The state, what is done about it, and who looks at it. */
export class Program {
  #state: State
  readonly #source: TraceSource
  readonly #files: SourceFiles
  readonly #colours: boolean
  readonly #watchers = new Set<() => void>()
  /** Of each view, what was asked last: answers to earlier questions are not wanted. */
  readonly #asked = new Map<number, number>()
  readonly #waiting = new Map<number, NodeJS.Timeout>()
  #terminal: Terminal | undefined
  #questions = 0
  #pending = 0
  #lookAgain = 0
  #looking: NodeJS.Timeout | undefined

  constructor(state: State, source: TraceSource, files: SourceFiles, colours: boolean) {
    this.#state = state
    this.#source = source
    this.#files = files
    this.#colours = colours
  }

  readonly state = (): State => this.#state

  readonly watch = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher)
    return () => this.#watchers.delete(watcher)
  }

  /** Whether an answer is to come, or something is being done. */
  get isAsking(): boolean {
    return this.#waiting.size > 0 || this.#pending > 0
  }

  frame(): string {
    return frame(this.#state, this.#files, this.#colours)
  }

  start(terminal: Terminal): void {
    this.#terminal = terminal
    const { namespace } = this.#state
    for (const effect of loading(this.#state).effects) this.#run(effect)
    if (namespace !== '') this.#run({ kind: 'visit', namespace })
    this.#looking = setInterval(() => this.#look(), LOOK_EVERY)
  }

  stop(): void {
    clearInterval(this.#looking)
    for (const timer of this.#waiting.values()) clearTimeout(timer)
  }

  press(keys: readonly Key[]): void {
    for (const key of keys) this.#apply({ kind: 'key', key })
    this.#tell()
  }

  dispatch(event: StateEvent): void {
    this.#apply(event)
    this.#tell()
  }

  #apply(event: StateEvent): void {
    const { state, effects } = update(this.#state, event)
    this.#state = state
    for (const effect of effects) this.#run(effect)
  }

  #tell(): void {
    for (const watcher of this.#watchers) watcher()
  }

  #look(): void {
    if (performance.now() < this.#lookAgain || this.#waiting.size > 0) return
    if (this.#state.follow && this.#source.changed()) this.dispatch({ kind: 'changed', now: Date.now() })
  }

  #run(effect: Effect): void {
    switch (effect.kind) {
      case 'load':
        this.#ask(effect.view, effect.namespace, effect.columns)
        break
      case 'visit':
        // It is only for the next time.
        this.#await(this.#source.visit(effect.namespace).catch(() => {}))
        break
      case 'mark':
        this.#await(this.#mark(effect.namespace, effect.group, effect.flags))
        break
      case 'edit':
        void this.#terminal?.edit(effect.node).then(trouble => this.#notice(trouble))
        break
      case 'copy':
        this.#terminal?.copy(effect.text)
        this.#apply({ kind: 'noticed', notice: { text: `Copied ${effect.text}`, tone: 'plain' } })
        break
      case 'find':
        this.#await(this.#find(effect))
        break
      case 'suspend':
        void this.#terminal?.suspend()
        break
      case 'quit':
        this.#terminal?.quit()
    }
  }

  /** The screen first, then the store, which answers in this process; of what is typed, only where it comes to rest. */
  #ask(view: View, namespace: string, columns: number): void {
    clearTimeout(this.#waiting.get(view.id))
    const question = ++this.#questions
    this.#asked.set(view.id, question)
    const ask = (): void => {
      this.#waiting.delete(view.id)
      this.#await(this.#answer(view, namespace, columns, question))
    }
    this.#waiting.set(view.id, setTimeout(ask, this.#state.prompt ? TYPING : 0))
  }

  #await(work: Promise<void>): void {
    this.#pending++
    void work.finally(() => this.#pending--)
  }

  async #answer(view: View, namespace: string, columns: number, question: number): Promise<void> {
    const began = performance.now()
    const event = await this.#source.load(view, namespace, columns).then(
      (value): StateEvent => ({ kind: 'arrived', view: view.id, value, now: Date.now() }),
      (error: unknown): StateEvent => ({ kind: 'missed', view: view.id, error: troubleOf(error) }),
    )
    this.#lookAgain = performance.now() + (performance.now() - began) * REST
    if (this.#asked.get(view.id) === question) this.dispatch(event)
  }

  async #mark(namespace: string, id: number, flags: AnnotateFlags): Promise<void> {
    try {
      const group = await this.#source.mark(namespace, id, flags)
      this.dispatch({
        kind: 'marked',
        group,
        text: flags.undo ? 'Taken back' : 'Marked, for what arrives from now on (u undoes)',
      })
      if (flags.merge !== undefined || flags.unmerge) this.press(['r'])
    } catch (error) {
      this.#notice(troubleOf(error).message)
    }
  }

  async #find({ namespace, reference, spanId }: Extract<Effect, { kind: 'find' }>): Promise<void> {
    const found = await this.#source.otherEnd(namespace, reference, spanId).catch(() => undefined)
    if (found) this.dispatch({ kind: 'found', ...found })
    else this.#notice('The other end of the message is not kept here')
  }

  #notice(text: string | undefined): void {
    if (text !== undefined) this.dispatch({ kind: 'noticed', notice: { text, tone: 'bad' } })
  }
}

function troubleOf(error: unknown): Trouble {
  const { message, code } = error as Error & { code?: unknown }
  if (!(error instanceof Error)) return { message: String(error) }
  return { message, ...(typeof code === 'string' && { code }) }
}
