/** A thread of the shop: what articles cost together. */
import { parentPort } from 'node:worker_threads'

const CENTS: Readonly<Record<string, number>> = { tea: 350, scone: 280, cake: 420 }

function sumOfPrices(articles: readonly string[]): number {
  return articles.reduce((sum, article) => sum + (CENTS[article] ?? 0), 0)
}

parentPort?.on('message', (articles: readonly string[]) => parentPort?.postMessage(sumOfPrices(articles)))
