/** The same, but every trace is made into the tree that exporters send. */
const { configure } = require('span-tree')

let batch = []
configure({
  exporters: [
    {
      export(tree) {
        batch.push(tree.root)
        if (batch.length === 100) batch = []
      },
    },
  ],
})
