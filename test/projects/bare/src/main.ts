function greet(name: string): string {
  return 'hello '.concat(name)
}

console.log(greet('world'))
