import type { MiddlewareHandler } from 'hono'
import { cors } from 'hono/cors'
import { Refusal } from './refusal.ts'

const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\]|::1)$/

export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host)
}

/**
 * Pages of which origins may talk to the receiver: those of this machine, and `further` (`*`: all). Others are refused, since a page can send
 * without being allowed to read the answer.
 */
export function originsAllowed(further: readonly string[]): MiddlewareHandler[] {
  const allowed = (origin: string): boolean =>
    further.includes('*') || further.includes(origin) || isLoopback(hostOf(origin) ?? '')
  const answer = cors({
    origin: origin => (allowed(origin) ? origin : null),
    allowMethods: ['GET', 'POST', 'DELETE'],
    allowHeaders: ['authorization', 'content-type', 'content-encoding'],
    exposeHeaders: ['retry-after', 'www-authenticate'],
    maxAge: 86_400,
  })
  const refuse: MiddlewareHandler = async (c, next) => {
    const origin = c.req.header('origin')
    if (origin !== undefined && !allowed(origin))
      throw new Refusal(403, 'pages of this origin are not allowed (--origin)')
    await next()
  }
  return [refuse, answer]
}

/**
 * Whether a request without a key was meant for this machine: a page of elsewhere can have its own name resolved to 127.0.0.1, and is
 * then of the same origin as we are.
 */
export function checkHost(host: string | undefined): void {
  if (isLoopback(hostOf(`http://${host}`) ?? '')) return
  throw new Refusal(403, 'without a key, only requests for localhost are answered')
}

function hostOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).hostname : undefined
}
