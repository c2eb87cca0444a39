import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs'
import { crc32 } from 'node:zlib'

/**
 * A file of batches, one behind the other, each with a header of 32 bytes (little endian):
 *
 * | offset | size | |
 * |---|---|---|
 * | 0 | 4 | `SPT1` |
 * | 4 | 1 | 0: waits; 1: settled. The only byte that is ever changed |
 * | 5 | 1 | how the body is packed: 0 not, 1 gzip, 2 zstd |
 * | 8 | 4 | bytes of the body |
 * | 12 | 4 | spans in it |
 * | 16 | 8 | when it was written: milliseconds since the Unix epoch, a double |
 * | 24 | 4 | CRC-32 of the body |
 * | 28 | 4 | CRC-32 of the header's bytes 5 to 27 |
 */
const HEADER = 32
const MAGIC = 0x31545053
const STATE = 4
const ENCODINGS = ['', 'gzip', 'zstd'] as const

export type Encoding = (typeof ENCODINGS)[number]

/** A batch as it is sent. */
export interface PackedBatch {
  readonly body: Uint8Array
  /** For the header `content-encoding`; `''`: as it is. */
  readonly encoding: Encoding
  /** Spans in it. */
  readonly spans: number
}

/** Where a batch lies in its segment. */
export interface Place {
  readonly offset: number
  readonly length: number
  readonly encoding: Encoding
  readonly spans: number
  /** Milliseconds since the Unix epoch. */
  readonly time: number
  readonly crc: number
  readonly settled: boolean
}

export interface Scan {
  readonly places: readonly Place[]
  readonly bytes: number
  /** The last record was not written to its end, or is no record: `spans` of it, as far as it says. */
  readonly torn: { readonly spans: number } | undefined
}

/** Bytes that a batch takes. */
export function framedSize(batch: PackedBatch): number {
  return HEADER + batch.body.length
}

/** Appends at `offset`, which is the end. Throws what the file system says; what was written in part is not of `places` then. */
export function append(path: string, offset: number, batch: PackedBatch, time: number): Place {
  const { body, encoding, spans } = batch
  const place = { offset, length: body.length, encoding, spans, time, crc: crc32(body), settled: false }
  const fd = openSync(path, offset === 0 ? 'wx' : 'r+', 0o600)
  try {
    const framed = Buffer.concat([headerOf(place), body])
    for (let written = 0; written < framed.length; ) {
      written += writeSync(fd, framed, written, framed.length - written, offset + written)
    }
  } finally {
    closeSync(fd)
  }
  return place
}

/** Reads the headers only. Throws where the file cannot be read. */
export function scan(path: string): Scan {
  const fd = openSync(path, 'r')
  try {
    const bytes = fstatSync(fd).size
    const places: Place[] = []
    let offset = 0
    while (offset < bytes) {
      const place = placeAt(fd, offset)
      if (place === undefined) return { places, bytes, torn: { spans: 0 } }
      offset += HEADER + place.length
      if (offset > bytes) return { places, bytes, torn: { spans: place.spans } }
      places.push(place)
    }
    return { places, bytes, torn: undefined }
  } finally {
    closeSync(fd)
  }
}

/** The body; undefined where it is not what was written. */
export function read(path: string, { offset, length, crc }: Place): Uint8Array | undefined {
  const body = Buffer.allocUnsafe(length)
  const fd = openSync(path, 'r')
  try {
    for (let done = 0; done < length; ) {
      const count = readSync(fd, body, done, length - done, offset + HEADER + done)
      if (count === 0) return undefined
      done += count
    }
  } finally {
    closeSync(fd)
  }
  return crc32(body) === crc ? body : undefined
}

/** It need not be sent again. */
export function markSettled(path: string, { offset }: Place): void {
  const fd = openSync(path, 'r+')
  try {
    writeSync(fd, Uint8Array.of(1), 0, 1, offset + STATE)
  } finally {
    closeSync(fd)
  }
}

function headerOf({ length, encoding, spans, time, crc }: Place): Buffer {
  const header = Buffer.alloc(HEADER)
  header.writeUInt32LE(MAGIC, 0)
  header.writeUInt8(ENCODINGS.indexOf(encoding), 5)
  header.writeUInt32LE(length, 8)
  header.writeUInt32LE(spans, 12)
  header.writeDoubleLE(time, 16)
  header.writeUInt32LE(crc, 24)
  header.writeUInt32LE(crc32(header.subarray(5, 28)), 28)
  return header
}

function placeAt(fd: number, offset: number): Place | undefined {
  const header = Buffer.alloc(HEADER)
  if (readSync(fd, header, 0, HEADER, offset) < HEADER || header.readUInt32LE(0) !== MAGIC) return undefined
  if (header.readUInt32LE(28) !== crc32(header.subarray(5, 28))) return undefined
  return {
    offset,
    length: header.readUInt32LE(8),
    encoding: ENCODINGS[header.readUInt8(5)] ?? '',
    spans: header.readUInt32LE(12),
    time: header.readDoubleLE(16),
    crc: header.readUInt32LE(24),
    settled: header.readUInt8(STATE) !== 0,
  }
}
