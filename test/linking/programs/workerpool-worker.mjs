import workerpool from 'workerpool'
import { task } from './tree.mjs'

workerpool.worker({ task })
