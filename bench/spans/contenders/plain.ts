/** No tracing at all: the floor. */
export { leaves, outer, steps } from '../program.ts'
