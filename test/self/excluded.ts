/** Files of tests that are not run: they tell an instrumented span-tree for a reason of their own. */
export const FILES: Readonly<Record<string, string>> = {
  'test/architecture.test.ts': 'reads the imports of the sources, to which instrumentation adds one',
  'test/self/self.test.ts': 'is this very proof',
  'test/package/loaded.test.ts':
    'asks where packages lie, which in a copy is elsewhere, and for the weight, of which the observer is half',
  'test/context/storages.test.ts':
    "changes a context's frame in place, of which the observer makes copies where it sees the runtime change frames",
  'test/runtime/memory.test.ts': 'measures memory, of which the observer takes its own',
}

const TIME = 'measures time, of which the observer takes its own'
const GETTERS =
  'fills the stack, at whose end the getters by which Vite re-exports the observer give undefined, not an error'

/** Single tests that are not run, by their titles, and why. */
export const TITLES: Readonly<Record<string, string>> = {
  '20,000 spans take less than a second, wide or deep': TIME,
  'takes trees deeper than the stack, and wide ones, in less than a second': TIME,
  'a generated file of 5 MB is a matter of seconds': TIME,
  'a trace of 100,000 spans, broad or deep, is built, rendered and written as JSON in bounded time': TIME,
  'for people, it fits on a screen or two and says what was left out':
    'leaves out what is short, and little is when the observer is at it',
  'sums without end': GETTERS,
  'chains without end': GETTERS,
}
