/** A thread of the stock: takes an article from the shelf, and says how many are left; below 0 there was none. */
import { parentPort } from 'node:worker_threads'

const left = new Map([
  ['tea', 100],
  ['scone', 10],
])

function takeFromShelf(article: string): number {
  const after = (left.get(article) ?? 0) - 1
  if (after >= 0) left.set(article, after)
  return after
}

parentPort?.on('message', (article: string) => parentPort?.postMessage(takeFromShelf(article)))
