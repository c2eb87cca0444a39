/** A line on a terminal that is written over again and again; nothing where nobody sees it. */
export interface Progress {
  show(text: string): void
  /** Takes the line away. */
  clear(): void
}

/** Milliseconds between two lines: a terminal is slower than the work. */
const INTERVAL = 50

export function progressOn(stream: NodeJS.WriteStream): Progress {
  if (!stream.isTTY) return { show() {}, clear() {} }
  let last = 0
  return {
    show(text) {
      const now = Date.now()
      if (now - last < INTERVAL) return
      last = now
      stream.write(`\r\u001B[K${text.slice(0, stream.columns - 1)}`)
    },
    clear() {
      if (last > 0) stream.write('\r\u001B[K')
    },
  }
}
