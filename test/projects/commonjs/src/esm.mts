export function fromModule(): string {
  return String('module')
}
