import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const source = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  resolve: {
    // Tests run the sources; only the processes that tests start run `dist`.
    alias: [
      { find: /^span-tree$/, replacement: source('./index.ts') },
      { find: 'span-tree/abi', replacement: source('./runtime/abi.ts') },
      { find: 'span-tree/transformer', replacement: source('./transformer/index.ts') },
      { find: 'span-tree/decorators', replacement: source('./decorators/index.ts') },
      { find: 'span-tree/vite', replacement: source('./transformer/adapters/vite.ts') },
      { find: 'span-tree/testing', replacement: source('./runtime/testing/index.ts') },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: '100%',
  },
})
