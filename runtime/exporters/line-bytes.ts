import type { SpanTree } from '../../model/index.ts'
import { type Recording, recordingOf } from '../recording.ts'
import type { Bytes } from './bytes.ts'
import { CHUNK, jsonChunks, lineHead } from './json-line.ts'
import { writeLineCall } from './line-call.ts'
import { writeHead } from './line-head.ts'
import { spanMembers } from './span-json.ts'

const [COMMA, CLOSE_LIST, CLOSE_OBJECT, LINE_BREAK] = [44, 93, 125, 10]

/** A trace as `jsonChunks` writes it, with its line break: from what was recorded where that is enough. `more`: further fields of the trace. */
export function lineBytes(out: Bytes, tree: SpanTree, more: object | undefined): Buffer[] {
  out.clear()
  const pieces: Buffer[] = []
  const recording = recordingOf(tree)
  if (recording === undefined) writeTree(out, tree, more, pieces)
  else writeRecorded(out, tree, more, recording, pieces)
  out.byte(LINE_BREAK)
  pieces.push(out.take())
  return pieces
}

function writeTree(out: Bytes, tree: SpanTree, more: object | undefined, pieces: Buffer[]): void {
  for (const chunk of jsonChunks(tree, more)) {
    if (out.length > 0) pieces.push(out.take())
    out.text(chunk)
  }
}

function writeRecorded(
  out: Bytes,
  tree: SpanTree,
  more: object | undefined,
  recording: Recording,
  pieces: Buffer[],
): void {
  const { traceId, late, remote } = tree
  const { depths } = recording
  const root = recording.plainAt(0)
  if (root !== undefined) writeHead(out, traceId, root, more)
  else
    out.text(lineHead({ traceId, root: recording.spanAt(0), ...(late && { late }), ...(remote && { remote }) }, more))
  let depth = -1
  for (let i = 0; i < depths.length; i++) {
    const own = depths[i] as number
    if (own <= depth) {
      close(out, depth - own + 1)
      out.byte(COMMA)
    }
    depth = own
    const plain = recording.plainAt(i)
    if (plain !== undefined) writeLineCall(out, plain, i === 0)
    else out.text(`{${spanMembers(recording.spanAt(i), true)},"children":[`)
    if (out.length >= CHUNK) pieces.push(out.take())
  }
  close(out, depth + 1)
  out.byte(CLOSE_OBJECT)
}

/** Ends that many spans. */
function close(out: Bytes, spans: number): void {
  for (let i = 0; i < spans; i++) {
    out.byte(CLOSE_LIST)
    out.byte(CLOSE_OBJECT)
  }
}
