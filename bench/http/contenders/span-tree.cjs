/** Traces in batches that nobody is sent. */
const { configure } = require('span-tree')

let batch = []
configure({
  exporters: [
    {
      export(tree) {
        batch.push(tree)
        if (batch.length === 500) batch = []
      },
    },
  ],
})
