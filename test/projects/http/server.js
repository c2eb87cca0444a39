import http from 'node:http'
import { serve } from '@hono/node-server'
import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import Koa from 'koa'
import { getLogger } from 'span-tree'
import './kept.js'

const logger = getLogger('server')

async function load(id) {
  logger.extra({ id })
  await new Promise(resolve => setTimeout(resolve, Number(id) % 7))
  return { id }
}

async function handle(id) {
  logger.extra({ id })
  const [order] = await Promise.all([load(id), load(id)])
  return order
}

function readBody(request, done) {
  let text = ''
  request.on('data', chunk => (text += chunk))
  request.on('end', () => done(text))
}

function listening(server) {
  return new Promise(resolve => {
    const done = () => resolve(server.address().port)
    if (server.listening) done()
    else server.once('listening', done)
  })
}

const servers = {
  node() {
    const server = http.createServer((request, response) => {
      const id = request.url.split('/').at(-1)
      readBody(request, async () => {
        const order = await handle(id)
        response.setHeader('content-type', 'application/json')
        response.end(JSON.stringify(order))
      })
    })
    return server.listen(0)
  },
  express() {
    const router = express.Router()
    router.all('/:id', async (request, response) => response.json(await handle(request.params.id)))
    return express().use(express.json()).use('/orders', router).listen(0)
  },
  async fastify() {
    const app = fastify()
    app.route({ method: ['GET', 'POST'], url: '/orders/:id', handler: request => handle(request.params.id) })
    await app.listen({ port: 0 })
    return app.server
  },
  hono() {
    const app = new Hono()
    app.get('/orders/:id', async c => c.json(await handle(c.req.param('id'))))
    app.post('/orders/:id', async c => {
      await c.req.json()
      return c.json(await handle(c.req.param('id')))
    })
    return serve({ fetch: app.fetch, port: 0 })
  },
  koa() {
    const app = new Koa()
    app.use(async context => {
      for await (const _ of context.req);
      context.body = await handle(context.path.split('/').at(-1))
    })
    return app.listen(0)
  },
}

/** In a span, so that there is one that requests must not be below. */
async function main() {
  const ports = {}
  for (const [name, start] of Object.entries(servers)) ports[name] = await listening(await start())
  process.send({ ports })
}

main()
