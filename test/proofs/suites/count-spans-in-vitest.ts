import { flush } from 'span-tree'
import { afterAll } from 'vitest'
import './count-spans.ts'

afterAll(() => flush())
