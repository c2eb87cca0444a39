import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Others can be faster so many times in a row; then something else is wrong. */
const ATTEMPTS = 1_000

/**
 * The next number of a sequence: 1, 2, 3 …, each given once, whichever processes ask at once. `folder` stands for the sequence; it is made when it
 * is not there. Throws where it cannot be written.
 *
 * The folder holds one file, whose name is the number that was given last. To take the next one is to rename it, which
 * of several only one can; nothing is locked, so nothing stays locked when a process is killed.
 */
export function nextRun(folder: string): number {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const last = lastOf(folder)
    if (last === undefined) begin(folder)
    else if (took(folder, last)) return last + 1
  }
  throw new Error(`no number to be had in ${folder}`)
}

function lastOf(folder: string): number | undefined {
  const names = listed(folder)
  return names?.map(Number).find(number => Number.isSafeInteger(number) && number >= 0)
}

function listed(folder: string): string[] | undefined {
  try {
    return readdirSync(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function took(folder: string, last: number): boolean {
  try {
    renameSync(join(folder, String(last)), join(folder, String(last + 1)))
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}

/** With its file in it from the first moment: a folder that is not empty cannot be replaced by a second beginning. */
function begin(folder: string): void {
  mkdirSync(join(folder, '..'), { recursive: true, mode: 0o700 })
  const made = mkdtempSync(`${folder}-`)
  try {
    writeFileSync(join(made, '0'), '')
    renameSync(made, folder)
  } catch (error) {
    rmSync(made, { recursive: true, force: true })
    if (!['ENOTEMPTY', 'EEXIST', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  }
}
