// CommonJS, as the handler of a pool: the ES module that it shares with the others is there before the first task.
const { task } = require('./tree.mjs')

module.exports = task
