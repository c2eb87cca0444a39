import { promisify } from 'node:util'
import * as zlib from 'node:zlib'
import type { Limits } from './limits.ts'
import { Refusal } from './refusal.ts'
import { release } from './release.ts'

/** A body as it came, and how it is packed. */
export interface PackedBody {
  readonly body: AsyncIterable<Uint8Array>
  /** `content-length`, as far as it is told. */
  readonly length: number | undefined
  /** `content-encoding`. */
  readonly encoding: string
}

/** Reads and unpacks a body, and stops where it exceeds the limits. Throws a `Refusal`. */
export async function readBody(packed: PackedBody, limits: Limits): Promise<Uint8Array<ArrayBuffer>> {
  const unpack = unpackers[packed.encoding]
  if (unpack === undefined) {
    const known = Object.keys(unpackers).filter(Boolean).join(', ')
    throw new Refusal(415, `content-encoding ${packed.encoding} is not known; ${known} are`, {
      headers: { 'accept-encoding': known },
    })
  }
  const bytes = await readAll(packed, limits.maxBody)
  if (packed.encoding === '' || packed.encoding === 'identity') return bytes
  try {
    return await unpack(bytes, limits.maxUnpacked)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(limits.maxUnpacked, 'when it is unpacked')
    throw new Refusal(400, `the body is not ${packed.encoding}: ${message}`)
  } finally {
    release(bytes)
  }
}

type Unpack = (packed: Uint8Array, maxOutputLength: number) => Promise<Uint8Array<ArrayBuffer>>

const unpackGzip: Unpack = (packed, maxOutputLength) => gunzip(packed, { maxOutputLength, ...room(packed) })
// Frames that ask for more than 16 MiB of memory to be read are none that anybody writes of spans.
const ZSTD = { params: { [zlib.constants.ZSTD_d_windowLogMax]: 24 } }
const unpackZstd: Unpack = (packed, maxOutputLength) => unzstd(packed, { ...ZSTD, maxOutputLength, ...room(packed) })
const asItIs: Unpack = async body => body as Uint8Array<ArrayBuffer>

/** Most bodies of spans are unpacked at one go so: by Node's 16 KiB at a time, this thread was asked for each of them. */
function room({ byteLength }: Uint8Array): { chunkSize: number } {
  return { chunkSize: Math.min(Math.max(byteLength * 12, 1 << 14), 1 << 20) }
}

const gunzip = promisify(zlib.gunzip) as (body: Uint8Array, options: zlib.ZlibOptions) => Promise<Buffer<ArrayBuffer>>
const unzstd = promisify(zlib.zstdDecompress) as (
  body: Uint8Array,
  options: zlib.ZstdOptions,
) => Promise<Buffer<ArrayBuffer>>

const unpackers: Readonly<Record<string, Unpack>> = Object.assign(Object.create(null), {
  '': asItIs,
  identity: asItIs,
  gzip: unpackGzip,
  'x-gzip': unpackGzip,
  zstd: unpackZstd,
})

async function readAll({ body, length }: PackedBody, max: number): Promise<Uint8Array<ArrayBuffer>> {
  if (length !== undefined && length > max) throw tooLarge(max, 'as it is sent')
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of body) {
      size += chunk.byteLength
      if (size > max) throw tooLarge(max, 'as it is sent')
      chunks.push(chunk)
    }
  } catch (error) {
    if (error instanceof Refusal) throw error
    throw new Refusal(400, 'the body ended before its end')
  }
  return joined(chunks, size)
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.byteLength
  }
  return whole
}

function tooLarge(max: number, when: string): Refusal {
  return new Refusal(413, `the body is larger than ${max} bytes ${when}`)
}
