import { type ChildProcess, fork } from 'node:child_process'
import { availableParallelism } from 'node:os'

export type Job = Readonly<Record<string, unknown>>

/** What every job leaves behind (realms, above all) would in the end keep a process busy with collecting garbage. */
const JOBS_EACH = 1000

/**
 * Child processes that answer one message with one message, each busy with one job at a time. One that does not
 * answer in time, or dies, is replaced, and its job gets no answer.
 */
export class Pool {
  readonly #module: URL
  readonly #size: number
  readonly #timeout: number
  readonly #flags: readonly string[]
  readonly #idle: ChildProcess[] = []
  readonly #answered = new WeakMap<ChildProcess, number>()

  /** `timeout`: milliseconds a job. */
  constructor(module: URL, size: number = availableParallelism(), timeout = 60_000, flags: readonly string[] = []) {
    this.#module = module
    this.#size = size
    this.#timeout = timeout
    this.#flags = flags
  }

  /** The answer, or undefined where there was none in time. */
  async ask(job: Job): Promise<unknown> {
    const child = this.#idle.pop() ?? this.#start()
    const answer = await ask(child, job, this.#timeout)
    const answered = (this.#answered.get(child) ?? 0) + 1
    this.#answered.set(child, answered)
    if (answer === undefined || answered === JOBS_EACH) child.kill('SIGKILL')
    else this.#idle.push(child)
    return answer
  }

  /** Resolves when every job has been answered, or given up. */
  async run(jobs: readonly Job[], answered: (job: Job, answer: unknown) => void): Promise<void> {
    const queue = [...jobs].reverse()
    const work = async (): Promise<void> => {
      for (let job = queue.pop(); job !== undefined; job = queue.pop()) answered(job, await this.ask(job))
    }
    await Promise.all(Array.from({ length: Math.min(this.#size, jobs.length) }, work))
    this.close()
  }

  close(): void {
    for (const child of this.#idle.splice(0)) child.kill('SIGKILL')
  }

  #start(): ChildProcess {
    const env = { PATH: process.env['PATH'], NODE_NO_WARNINGS: '1' }
    return fork(this.#module, { env, execArgv: [...this.#flags], serialization: 'advanced' })
  }
}

function ask(child: ChildProcess, job: Job, timeout: number): Promise<unknown> {
  return new Promise(resolve => {
    const done = (answer?: unknown): void => {
      clearTimeout(timer)
      child.off('message', done)
      child.off('exit', lost)
      resolve(answer)
    }
    const lost = (): void => done()
    const timer = setTimeout(lost, timeout)
    child.once('message', done)
    child.once('exit', lost)
    if (child.exitCode === null && child.signalCode === null) child.send(job, () => {})
    else lost()
  })
}
