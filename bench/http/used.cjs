/** What the service has used since it was asked last. */
const { GCProfiler } = require('node:v8')

let profiler = begun()
let processor = process.cpuUsage()

function begun() {
  const fresh = new GCProfiler()
  fresh.start()
  return fresh
}

/** Microseconds of processor time, on all threads, and bytes allocated, as far as collections tell: from the end of one to the next. */
function used() {
  const { statistics } = profiler.stop()
  const { user, system } = process.cpuUsage(processor)
  profiler = begun()
  processor = process.cpuUsage()
  return { processor: user + system, allocated: allocatedBetween(statistics) }
}

function allocatedBetween(collections) {
  let sum = 0
  for (let i = 1; i < collections.length; i++) {
    const left = collections[i - 1].afterGC.heapStatistics.usedHeapSize
    sum += Math.max(0, collections[i].beforeGC.heapStatistics.usedHeapSize - left)
  }
  // What lies before the first and after the last is as much as between others.
  return collections.length < 2 ? 0 : (sum * (collections.length + 1)) / (collections.length - 1)
}

process.on('message', () => process.send(used()))
