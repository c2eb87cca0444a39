import { spanTree } from 'span-tree/vite'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  plugins: [spanTree({ exclude: ['**/*.spec.ts'] })],
  test: { include: ['src/*.spec.ts'] },
})
