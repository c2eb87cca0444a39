import { w3cTraceId } from '../model/index.ts'

/** Which traces are made, and which of those are kept. */
export interface Sampling {
  /**
   * At the head: the share of traces (0 to 1) that are made at all; for all of them, or by the name of the root, in which `*` stands for
   * anything: `{ 'GET /health': 0, '*': 0.1 }`. The first name that fits decides; what fits none is made.
   */
  readonly head?: number | Readonly<Record<string, number>>
  /**
   * At the tail: the share (0 to 1) of complete traces that are kept although nothing in them failed and nothing was far slower than
   * it usually is. What failed or was slow is kept always.
   */
  readonly tail?: number
}

/** Throws a `TypeError` for what is no share. */
export function headSampler(head: Sampling['head']): ((name: string) => boolean) | undefined {
  if (head === undefined || head === 1) return undefined
  if (typeof head === 'number') {
    const share = checked(head, 'sampling.head')
    return () => Math.random() < share
  }
  const rules = Object.entries(head).map(([pattern, share]) => {
    return { matches: wildcard(pattern), share: checked(share, `sampling.head['${pattern}']`) }
  })
  return name => Math.random() < (rules.find(({ matches }) => matches.test(name))?.share ?? 1)
}

/** Decides of a complete trace whether it is kept. */
export type TailSampler = (traceId: string, seen: { readonly failed: boolean; readonly slow: boolean }) => boolean

/** Throws a `TypeError` for what is no share. */
export function tailSampler(tail: Sampling['tail']): TailSampler | undefined {
  if (tail === undefined || tail === 1) return undefined
  const share = checked(tail, 'sampling.tail')
  return (traceId, { failed, slow }) => failed || slow || positionOf(traceId) < share
}

/** By the id, so that all processes that had a part in a trace decide alike. 0 to 1; the last bytes are the random ones of any vendor. */
function positionOf(traceId: string): number {
  return Number.parseInt(w3cTraceId(traceId).slice(-8), 16) / 0x1_0000_0000
}

function checked(share: number, name: string): number {
  if (share >= 0 && share <= 1) return share
  throw new TypeError(`span-tree: ${name} takes a share of the traces from 0 to 1, not ${String(share)}`)
}

/** A pattern in which `*` stands for anything. */
export function wildcard(pattern: string): RegExp {
  const parts = pattern.split('*').map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`, 's')
}
