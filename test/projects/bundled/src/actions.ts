// A comment at the head.
'use server'

export async function act(name: string): Promise<string> {
  'use strict'
  return await Promise.resolve(name.padEnd(5, '!'))
}
