import { task } from './tree.mjs'

export default task
