export async function charge(id: number, amount: number): Promise<number> {
  await null
  if (amount > 100) throw new RangeError(`declined: ${amount}`)
  return   verify(id)
}

function verify(id: number): number {
  if (Number.isNaN(id)) { throw new TypeError('no id') }
  return id
}
