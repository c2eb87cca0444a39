import type TS from 'typescript'

/**
 * The TypeScript that compiles the project. It is handed in and never imported: ts-patch gives a transformer the
 * instance that calls it, and whoever does not compile with it must not have to load it.
 */
export type TypeScript = typeof TS
