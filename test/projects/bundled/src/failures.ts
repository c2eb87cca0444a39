type How = 'throw' | 'call' | 'nested'

interface Options {
  readonly sold: number
}

export async function failAsync(how: How, options: Options): Promise<never> {
  await Promise.resolve(options)
  if (how === 'throw')      throw new RangeError(`sold: ${options.sold}`)
  if (how === 'call') { const missing = undefined as unknown as { run(): never };    missing.run() }
  return [1].map((n): never => {   throw new TypeError(String(n)) }) as never
}
