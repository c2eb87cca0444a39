// As much of a database's side of the wire as its client needs: each answers with what it was asked for.
import net from 'node:net'

/** PostgreSQL: one row with the query's first parameter. */
export const postgres = () => listening(socket => socket.on('data', messages(socket)))

function messages(socket) {
  let buffer = Buffer.alloc(0)
  let isStarted = false
  let asked = ''
  return chunk => {
    buffer = Buffer.concat([buffer, chunk])
    for (;;) {
      const head = isStarted ? 1 : 0
      if (buffer.length < head + 4 || buffer.length < head + buffer.readInt32BE(head)) return
      const length = head + buffer.readInt32BE(head)
      const type = isStarted ? String.fromCharCode(buffer[0]) : 'start'
      const body = buffer.subarray(head + 4, length)
      if (type === 'B') asked = parameter(body)
      isStarted = true
      buffer = buffer.subarray(length)
      const answer = ANSWERS[type]?.(asked)
      if (answer) setImmediate(() => socket.write(answer))
    }
  }
}

/** The first parameter of a `Bind`. */
function parameter(body) {
  const formats = body.indexOf(0, body.indexOf(0) + 1) + 1
  const count = formats + 2 + 2 * body.readInt16BE(formats)
  if (body.readInt16BE(count) === 0) return ''
  return body.toString('utf8', count + 6, count + 6 + body.readInt32BE(count + 2))
}

const ANSWERS = {
  start: () => Buffer.concat([message('R', [0, 0, 0, 0]), message('Z', 'I')]),
  P: () => message('1', ''),
  B: () => message('2', ''),
  D: () => message('T', ['\0\x01id\0', [0, 0, 0, 0], [0, 0], [0, 0, 0, 25], [255, 255], [255, 255, 255, 255], [0, 0]]),
  E: asked => Buffer.concat([message('D', ['\0\x01', int32(asked.length), asked]), message('C', 'SELECT 1\0')]),
  S: () => message('Z', 'I'),
  Q: () => Buffer.concat([message('C', 'BEGIN\0'), message('Z', 'I')]),
}

function message(type, parts) {
  const list = typeof parts === 'string' || typeof parts[0] === 'number' ? [parts] : parts
  const body = Buffer.concat(list.map(part => Buffer.from(part)))
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body])
}

function int32(value) {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

/** Redis: `GET key` is answered by the key. Commands come whole, being short. */
export const redis = () =>
  listening(socket =>
    socket.on('data', chunk => {
      for (const command of chunk.toString().split(/(?=\*\d+\r\n)/)) {
        const [, , name, , key] = command.split('\r\n')
        if (name.toLowerCase() === 'quit') socket.end('+OK\r\n')
        else setImmediate(() => socket.write(name.toLowerCase() === 'get' ? `$${key.length}\r\n${key}\r\n` : '+OK\r\n'))
      }
    }),
  )

function listening(serve) {
  const server = net.createServer(serve)
  return new Promise(resolve => server.listen(0, '127.0.0.1', () => resolve(server)))
}
