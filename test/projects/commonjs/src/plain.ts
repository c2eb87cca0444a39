declare const module: unknown

function plain(): string {
  return String(typeof module)
}
console.log(plain())
