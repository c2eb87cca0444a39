import { join } from 'node:path'
import { spanTree } from 'span-tree/vite'
import { defineConfig } from 'vitest/config'
import { REPOSITORY } from './work-folder.ts'

const instrumented = process.env['PROOF_SPANS'] !== undefined

/** zod's own tests, on its TypeScript sources; with PROOF_SPANS in the environment, every function has a span. */
export default defineConfig({
  plugins: instrumented ? [spanTree({ include: ['**'], skipTrivial: false })] : [],
  resolve: {
    alias: [
      { find: /^zod$/, replacement: '/src/index.ts' },
      { find: 'zod/compile', replacement: '/src/compile.ts' },
      { find: /^zod\/(.+)$/, replacement: '/src/$1/index.ts' },
      { find: /^span-tree$/, replacement: join(REPOSITORY, 'dist/index.js') },
      { find: 'span-tree/abi', replacement: join(REPOSITORY, 'dist/runtime/abi.js') },
    ],
  },
  test: {
    include: ['src/**/*.test.ts'],
    setupFiles: instrumented ? [join(import.meta.dirname, 'count-spans-in-vitest.ts')] : [],
    // A span a call takes its time where a test makes millions of them.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    // As where span-tree is installed: loaded by Node. The getters by which Vite re-exports a module give undefined at the end of the stack.
    server: { deps: { external: [/[\\/]dist[\\/](?:runtime[\\/]|index\.js$)/] } },
  },
})
