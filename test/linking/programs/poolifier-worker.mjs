import { ThreadWorker } from 'poolifier'
import { task } from './tree.mjs'

export default new ThreadWorker(async data => task(data))
