import { isMainThread } from 'node:worker_threads'
import { ClusterWorker, ThreadWorker } from 'poolifier'
import { task } from './tree.mjs'

const Worker = isMainThread ? ClusterWorker : ThreadWorker

export default new Worker(async data => task(data))
