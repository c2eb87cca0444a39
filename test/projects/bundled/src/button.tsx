'use client'
'other directive'

function element(name: string, _: null, ...children: readonly string[]): string {
  return `<${name}>${children.join('')}</${name}>`
}

export function Button(label: string): string {
  return <b>{label.trim()}</b>
}
