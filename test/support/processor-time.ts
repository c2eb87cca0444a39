/**
 * Milliseconds of this process's own processor time that `action` takes, the better of two runs: unlike the time on the
 * clock, that does not depend on what else the machine does.
 */
export function processorTime(action: () => void): number {
  return Math.min(once(action), once(action))
}

function once(action: () => void): number {
  const before = process.cpuUsage()
  action()
  return process.cpuUsage(before).user / 1000
}
