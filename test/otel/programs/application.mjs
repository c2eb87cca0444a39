// What both programs do, with the packages that they were given by `import` or by `require`.
import { pathToFileURL } from 'node:url'

export async function run({ express, fastify, http, fs, undici, api }) {
  const root = process.env.SPAN_TREE_ROOT
  const { configure, getLogger, getRecorder } = await import(pathToFileURL(`${root}/dist/index.js`).href)
  // OpenTelemetry's instrumentations make these spans here.
  configure({ mode: 'record', http: { server: false, client: false } })
  const logger = getLogger('program')

  const loadOrder = (id, upstream) =>
    logger.span('loadOrder', async span => {
      await fs.promises.readFile(process.argv[1])
      api.trace.getActiveSpan()?.setAttribute('order', id)
      const answer = await undici.request(`${upstream}/stock/${id}`)
      await answer.body.text()
      return api.trace.getActiveSpan()?.spanContext().spanId === span.id
    })

  const stock = fastify()
  stock.get('/stock/:id', async () => logger.span('countStock', async () => ({ left: 3 })))
  const upstream = await stock.listen({ port: 0, host: '127.0.0.1' })

  const shop = express()
  shop.get('/orders/:id', async (request, response) => {
    response.json({ isCurrent: await loadOrder(request.params.id, upstream) })
  })
  const server = await new Promise(resolve => {
    const listening = shop.listen(0, '127.0.0.1', () => resolve(listening))
  })

  const get = path =>
    new Promise((resolve, reject) => {
      const url = `http://127.0.0.1:${server.address().port}${path}`
      http
        .get(url, { agent: false }, answer => {
          let text = ''
          answer.on('data', chunk => (text += chunk)).on('end', () => resolve(JSON.parse(text)))
        })
        .on('error', reject)
    })
  const buy = id => logger.span(`buy ${id}`, () => get(`/orders/${id}`))

  const answers = await Promise.all(Array.from({ length: 10 }, (_, id) => buy(id)))
  await new Promise(resolve => server.close(resolve))
  await stock.close()
  await new Promise(resolve => setTimeout(resolve, 20))
  const { trees } = getRecorder()
  process.send({ answers, trees: trees.map(({ traceId, root }) => ({ traceId, root: plain(root) })) })
  process.disconnect()
}

function plain({ id, parentId, name, kind, status, attributes, children }) {
  return { id, parentId, name, kind, status, attributes, children: children.map(plain) }
}
