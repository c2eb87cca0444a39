// Loaded before undici's packages, which put an agent of theirs in this place.
fetch('data:,')

/** The class of the agents that Node's own `fetch` has. */
export const NodeAgent = (globalThis[Symbol.for('undici.globalDispatcher.2')] ?? globalThis[Symbol.for('undici.globalDispatcher.1')]).constructor
