import { beforeAll, expect, test } from 'vitest'
import { COMPILE, TEST_TRACE } from '../../examples/commands.ts'
import { type Finished, runExample, treeText } from './run-example.ts'

let json: Finished

beforeAll(async () => {
  const compiled = await runExample(COMPILE, 'json')
  expect(compiled).toMatchObject({ code: 0, output: '' })
  json = await runExample(TEST_TRACE, 'json')
})

test('calls, messages, the handled error and the one that fails its root', () => {
  expect(json.roots.map(root => treeText(root)).join('\n\n')).toMatchInlineSnapshot(`
    "testTrace src/main.ts:9:16
      info: sum {"value":260}
      info: prices {"tea":350,"scone":300}
      loopSlow src/compute.ts:2:17
      simpleMath src/compute.ts:9:17
      urlGet src/shop.ts:23:23
        debug: answered {"item":"tea","status":200}
        GET <host> {"url.full":"http://<host>/tea","http.response.status_code":200}
          GET /tea {"http.response.status_code":200}
      priceOr src/shop.ts:32:23
        warning: using the fallback {"item":"scone","fallback":300}
        handled reference NotFound: no price for scone
        urlGet src/shop.ts:23:23 failed
          debug: answered {"item":"scone","status":404}
          ✗ error NotFound: no price for scone {"url":"http://<host>","item":"scone"}
          GET <host> {"url.full":"http://<host>/scone","http.response.status_code":404,"error.type":"404"} failed
            GET /scone {"http.response.status_code":404}
      createDocument src/documents.ts:12:17
      Format.roundTrip src/documents.ts:35:3 {"format":"yaml","characters":1194}
        Format.dump src/documents.ts:41:3
        Format.parse src/documents.ts:45:3
      Format.roundTrip src/documents.ts:35:3 {"format":"toml","characters":1390}
        Format.dump src/documents.ts:41:3
        Format.parse src/documents.ts:45:3
      Format.roundTrip src/documents.ts:35:3 {"format":"json","characters":1041}
        Format.dump src/documents.ts:41:3
        Format.parse src/documents.ts:45:3

    checkout src/shop.ts:42:23 failed
      ✗ reference Declined: Ada's card takes no 770 cents
      total src/shop.ts:46:16
        look up prices src/shop.ts:47:25 {"items":["tea","cake"],"cents":770}
          total › <anonymous @ map> src/shop.ts:48:46
            urlGet src/shop.ts:23:23
              debug: answered {"item":"tea","status":200}
              GET <host> {"url.full":"http://<host>/tea","http.response.status_code":200}
                GET /tea {"http.response.status_code":200}
          total › <anonymous @ map> src/shop.ts:48:46
            urlGet src/shop.ts:23:23
              debug: answered {"item":"cake","status":200}
              GET <host> {"url.full":"http://<host>/cake","http.response.status_code":200}
                GET /cake {"http.response.status_code":200}
      charge src/shop.ts:54:10 failed
        info: charging {"cents":770,"holder":"Ada"}
        ✗ error Declined: Ada's card takes no 770 cents {"cents":770,"card":{"holder":"Ada","token":"[redacted]"}}"
  `)
})

test('what the program says itself stays what it was', () => {
  const own = json.output.split('\n').filter(line => line !== '' && !line.startsWith('{"traceId"'))
  expect(own).toEqual(["as it should, the second trace failed: Ada's card takes no 770 cents"])
  expect(json.code).toBe(0)
})

test('no secret gets out, though a function failed that held it', async () => {
  const terminal = await runExample(TEST_TRACE, 'terminal')
  for (const { output } of [json, terminal]) {
    expect(output).toContain('[redacted]')
    expect(output).not.toContain('tok_live')
  }
})

test('the slow loop takes the time that it says', () => {
  const [root] = json.roots as unknown as { children: { name: string; durationMs: number }[] }[]
  const loop = root!.children.find(({ name }) => name === 'loopSlow')!
  expect(loop.durationMs).toBeGreaterThanOrEqual(10)
})
