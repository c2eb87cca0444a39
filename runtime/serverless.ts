import { flush } from './configure.ts'

/** Milliseconds that an answer may wait for the exporters. */
const DEADLINE = 2_000

/**
 * For functions that are frozen between two invocations (AWS Lambda, Google Cloud Functions, Vercel …): the handler, which
 * exports what it has traced before its answer or its error is handed on, `deadline` milliseconds (2,000) at most.
 *
 * Handlers that answer by a callback in place of a promise are not waited for.
 */
export function withFlush<This, Arguments extends unknown[], Result>(
  handler: (this: This, ...args: Arguments) => Result,
  { deadline = DEADLINE }: { readonly deadline?: number } = {},
): (this: This, ...args: Arguments) => Promise<Awaited<Result>> {
  return async function (this: This, ...args: Arguments): Promise<Awaited<Result>> {
    try {
      return await handler.apply(this, args)
    } finally {
      await flush(deadline)
    }
  }
}
