// Preloaded: a Node whose insides are not as span-tree knows them.
const [symbolFor, symbolsOf] = [Symbol.for, Object.getOwnPropertySymbols]
Symbol.for = name => symbolFor(name === 'nodejs.internal.kHybridDispatch' ? 'nowhere' : name)
Object.getOwnPropertySymbols = object => symbolsOf(object).filter(({ description }) => description !== 'kPublicPort')
