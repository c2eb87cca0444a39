/** Measures one contender, which the command line names, and writes its rounds as JSON: milliseconds a megabyte. */
import { contenders } from './contenders.ts'
import { LIBRARY, LIBRARY_ROOT, megabytes } from './library.ts'

/** Milliseconds of processor time after which the compiler has done its work, and for which it is measured then, at least. */
const WARM = 4_000
const MEASURED = 4_000

const contender = contenders(LIBRARY_ROOT).find(({ name }) => name === process.argv[2])
if (!contender) throw new Error(`no contender ${process.argv[2]}`)
const { run, bytes } = contender
// Once beforehand: what is set up by the first call is counted nowhere.
for (const file of LIBRARY) run(file)
const size = megabytes(bytes)
for (const before = spent(); spent() - before < WARM; ) round()
const rounds: number[] = []
for (const before = spent(); spent() - before < MEASURED; ) rounds.push(round())
console.log(JSON.stringify(rounds))

function round(): number {
  const before = spent()
  for (const file of LIBRARY) run(file)
  return (spent() - before) / size
}

/** Milliseconds of processor time on all threads: others may well be at work. */
function spent(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
