import { getLogger } from 'span-tree'
import './tree.mjs'

const log = getLogger('child')
log.span('start', () => {})
process.on('message', message => {
  log.span(`handle ${message}`, () => process.send(`${message}, echoed`))
})
process.send(`flags ${process.execArgv}`)
