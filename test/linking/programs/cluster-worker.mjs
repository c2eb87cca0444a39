import { inject } from 'span-tree'

process.on('message', () => process.send(inject({}).traceparent?.split('-')[1] ?? 'nothing'))
