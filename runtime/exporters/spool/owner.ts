import { createHash, randomBytes } from 'node:crypto'
import { readFileSync, readlinkSync, statSync } from 'node:fs'
import { hostname } from 'node:os'

/**
 * Who a spool belongs to is said by its folder's name: `<scope>-<pid>-<start>-<random>`. To take over what a dead process
 * has left is to rename its folder, which only one of several can; so there is no lock that could be left behind.
 *
 * `scope` stands for where process ids mean something: host, boot and namespace. `start` is when the process began, since ids are used again.
 */
const NAME = /^([0-9a-f]{8})-(\d+)-(\d+)-[0-9a-f]{8}$/

/** Milliseconds after which a folder that nobody has touched, and whose owner cannot be asked after from here, is taken for left. */
const SILENCE = 15 * 60_000
/** Milliseconds between two touches by the owner. */
export const TOUCH_INTERVAL = 60_000

/** A new name for a folder of this process. */
export function ownName(): string {
  return `${scope()}-${process.pid}-${startOf(process.pid)}-${randomBytes(4).toString('hex')}`
}

/** Whether the process that the folder belongs to has ended. `now`: milliseconds since the Unix epoch. */
export function isLeft(path: string, name: string, now: number): boolean {
  const match = NAME.exec(name)
  if (match === null) return false
  const [, where, pid = '', start = ''] = match
  if (where !== scope()) return now - lastTouch(path, now) > SILENCE
  return !isAlive(Number(pid)) || (start !== '0' && startOf(Number(pid)) !== start)
}

let known: string | undefined

function scope(): string {
  known ??= createHash('sha256')
    .update(
      [
        hostname(),
        ask(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')),
        ask(() => readlinkSync('/proc/self/ns/pid')),
      ].join('\n'),
    )
    .digest('hex')
    .slice(0, 8)
  return known
}

/** In the system's ticks since boot (proc(5), `starttime`); `0` where that cannot be known. */
function startOf(pid: number): string {
  const stat = ask(() => readFileSync(`/proc/${pid}/stat`, 'utf8'))
  // The second field is the program's name in parentheses, which may hold anything.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '0'
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function lastTouch(path: string, now: number): number {
  try {
    return statSync(path).mtimeMs
  } catch {
    return now
  }
}

function ask(question: () => string): string {
  try {
    return question()
  } catch {
    return ''
  }
}
