import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ROUTES } from '../../receiver/api/routes.ts'
import { ADMIN } from '../../receiver/index.ts'
import { payload, Running, wireSpan } from './running.ts'

const SECRET = 'nobody else reads this'

describe('without a key at all', () => {
  let receiver: Running
  beforeAll(async () => {
    receiver = await Running.start()
    await receiver.post('/v1/spans', payload(wireSpan()))
  })
  afterAll(() => receiver.close())

  test('this machine has a namespace at once', async () => {
    expect((await receiver.get('/api/namespaces')).body).toMatchObject([{ name: 'default', traces: 1 }])
    expect((await receiver.get<unknown[]>('/api/traces')).body).toHaveLength(1)
  })

  test('and no other', async () => {
    expect(await receiver.get('/api/traces?namespace=shop')).toMatchObject({
      status: 403,
      body: { error: { message: 'without a key only the namespace default is open' } },
    })
    expect((await receiver.post('/v1/spans?namespace=shop', payload())).status).toBe(403)
    expect((await receiver.get('/api/keys')).status).toBe(403)
  })

  test('a name of elsewhere that leads here is refused', async () => {
    const { status } = await withHost(receiver.url, 'rebound.example:80')
    expect(status).toBe(403)
    expect((await withHost(receiver.url, 'localhost:1')).status).toBe(200)
  })
})

describe('with keys', () => {
  let receiver: Running
  const keys: Record<string, { id: string; key: string }> = {}
  beforeAll(async () => {
    receiver = await Running.start()
    for (const namespace of ['shop', 'bank', ADMIN]) keys[namespace] = await receiver.key(namespace)
    for (const namespace of ['shop', 'bank']) {
      const own = { attributes: { said: `${SECRET} ${namespace}` }, name: `in ${namespace}`, ...failed }
      const { status } = await receiver.post('/v1/spans', payload(wireSpan(own)), keys[namespace])
      expect(status).toBe(200)
    }
  })
  afterAll(() => receiver.close())

  const failed = {
    status: 'failed',
    exitError: { kind: 'error', type: 'Error', message: SECRET, attributes: {} },
    references: [{ id: 'r1', role: 'source' }],
  }
  const place = (path: string): string =>
    path
      .replace('{number}', '1')
      .replace('/references/{id}', '/references/r1')
      .replace('{id}', '3MTTjFEKX2rNbXV9yOaI4c7F0pU')

  test.each(ROUTES.map(({ method, path }) => [method, path] as const))(
    '%s %s is for those with a key',
    async (method, path) => {
      for (const authorization of [
        undefined,
        'Bearer wrong',
        `Bearer ${keys['shop']?.key.slice(0, -1)}`,
        'Basic YTpi',
      ]) {
        const response = await fetch(receiver.url + place(path), {
          method,
          ...(authorization && { headers: { authorization } }),
        })
        const text = await response.text()
        expect([response.status, text.includes(SECRET)]).toEqual([401, false])
      }
    },
  )

  test.each(['/v1/spans', '/v1/traces', '/v1/logs'])('%s is for those with a key', async path => {
    expect((await receiver.post(path, {})).status).toBe(401)
  })

  test('a key opens its namespace, and shows nothing of others', async () => {
    const shown: string[] = []
    for (const { method, path, admin } of ROUTES.filter(route => route.method === 'GET' && !route.admin)) {
      const query = path.endsWith('/health')
        ? '?since=0&until=9223372036854775807'
        : path.endsWith('/regressions')
          ? '?version=1'
          : ''
      const { body } = await receiver.get(place(path) + query, keys['shop'])
      shown.push(JSON.stringify(body, (_, value) => (typeof value === 'bigint' ? String(value) : value)))
      expect([method, admin]).toEqual(['GET', undefined])
    }
    expect(shown.join()).toContain('in shop')
    expect(shown.join()).not.toContain('bank')
  })

  test('nor changes anything there', async () => {
    const groups = await receiver.get<{ id: number }[]>('/api/errors', keys['bank'])
    const path = `/api/errors/${groups.body[0]?.id}`
    expect((await receiver.post(`${path}/annotations`, { marks: { silenced: true } }, keys['shop'])).status).toBe(404)
    expect((await receiver.delete(`${path}/annotations/last`, keys['shop'])).status).toBe(404)
    expect((await receiver.get('/api/traces?namespace=bank', keys['shop'])).status).toBe(403)
    expect((await receiver.post('/v1/spans?namespace=bank', payload(wireSpan()), keys['shop'])).status).toBe(403)
    expect((await receiver.get<unknown[]>('/api/errors', keys['bank'])).body).toEqual(groups.body)
  })

  test("an administrator's key opens all, makes keys and revokes them", async () => {
    const admin = keys[ADMIN]
    const names = (await receiver.get<{ name: string }[]>('/api/namespaces', admin)).body.map(({ name }) => name)
    expect(names.sort()).toEqual(['bank', 'shop'])
    expect((await receiver.get('/api/traces?namespace=bank', admin)).body).toMatchObject([{ name: 'in bank' }])
    const made = await receiver.post<{ id: string; key: string }>('/api/keys', { namespace: 'new', label: 'x' }, admin)
    expect((await receiver.get('/api/namespaces', made.body)).body).toMatchObject([{ name: 'new' }])
    expect((await receiver.delete(`/api/keys/${made.body.id}`, admin)).status).toBe(200)
    const refused = async (): Promise<boolean> => (await receiver.get('/api/traces', made.body)).status === 401
    await expect.poll(refused, { timeout: 20_000 }).toBe(true)
    expect((await receiver.get('/api/keys', admin)).body).toContainEqual(
      expect.objectContaining({ namespace: 'new', revoked: expect.any(Number) }),
    )
  })
})

test('whoever listens to other machines answers nobody without a key', async () => {
  const receiver = await Running.start({}, { host: '0.0.0.0' })
  try {
    expect((await receiver.get('/api/traces')).status).toBe(401)
    expect((await receiver.get('/healthz')).status).toBe(200)
  } finally {
    await receiver.close()
  }
})

test('pages of this machine, and of origins that were named, may publish; others neither publish nor read', async () => {
  const receiver = await Running.start({}, { origins: ['https://shop.example'] })
  try {
    for (const [origin, allowed] of [
      ['http://localhost:3000', true],
      ['https://shop.example', true],
      ['https://evil.example', false],
    ] as const) {
      const { status, headers } = await receiver.post('/v1/traces', {}, { headers: { origin } })
      expect([status, headers.get('access-control-allow-origin')]).toEqual(allowed ? [200, origin] : [403, null])
      const preflight = await fetch(`${receiver.url}/v1/traces`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST' },
      })
      expect(preflight.headers.get('access-control-allow-origin')).toBe(allowed ? origin : null)
    }
  } finally {
    await receiver.close()
  }
})

function withHost(url: string, host: string): Promise<{ status: number | undefined }> {
  return new Promise((resolve, reject) => {
    const sent = request(`${url}/api/traces`, { headers: { host } }, response => {
      response.resume()
      resolve({ status: response.statusCode })
    })
    sent.on('error', reject).end()
  })
}
