import { expect, test } from 'vitest'
import { configure, flush, getLogger, shutdown } from '../../index.ts'
import type { Exporter } from '../../runtime/exporters/exporter.ts'
import { withFlush } from '../../runtime/serverless.ts'

/** Says what was exported, and when it was written. */
function witness(events: string[]): Exporter {
  return {
    export: tree => events.push(tree.root.name),
    async flush(deadline) {
      await null
      events.push(`written within ${deadline}`)
    },
  }
}

const log = getLogger('t')

test('a handler answers when what it has traced is written', async () => {
  const events: string[] = []
  configure({ exporters: [witness(events)] })
  const handler = withFlush(
    async function (this: { name: string }, event: { id: number }) {
      return log.span('order', async () => `${this.name} ${event.id}`)
    },
    { deadline: 500 },
  )
  const answer = await handler.call({ name: 'shop' }, { id: 7 })
  events.push(answer)
  expect(events).toEqual(['order', 'written within 500', 'shop 7'])
})

test('and throws when that is written', async () => {
  const events: string[] = []
  configure({ exporters: [witness(events)] })
  const error = new Error('no')
  const handler = withFlush(() =>
    log.span('order', () => {
      throw error
    }),
  )
  await handler().catch(thrown => events.push(thrown === error ? 'thrown' : 'another'))
  expect(events).toEqual(['order', 'written within 2000', 'thrown'])
})

test('an exporter that was replaced still delivers what it was given', async () => {
  const events: string[] = []
  configure({ exporters: [{ ...witness(events), shutdown: async () => void events.push('shut down') }] })
  log.span('given', () => {})
  await flush()
  configure({ exporters: [] })
  await flush(700)
  await shutdown()
  expect(events).toEqual(['given', 'written within 5000', 'written within 700', 'shut down'])
  configure({ mode: 'record' })
})

test('`shutdown` writes what still runs as it stands, lets the exporters go, and ends tracing', async () => {
  const events: string[] = []
  const exporter: Exporter = {
    export: tree => events.push(`${tree.root.name} ${tree.root.status}`),
    shutdown: async () => void events.push('shut down'),
  }
  configure({ exporters: [exporter] })
  const open = log.start('still running')
  await shutdown(100)
  open.end()
  log.span('after', () => {})
  expect(events).toEqual(['still running started', 'shut down'])
  configure({ mode: 'record' })
})
