import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping'
import { commonSubsequence } from './common-subsequence.ts'
import { type Word, wordsOf } from './words.ts'

/** What a front end makes of a file, or of many. */
export interface Output {
  /** By what the outputs of two runs belong together. */
  readonly key: string
  readonly code: string
  /** JSON; undefined where every position is what it was. */
  readonly map: string | undefined
  /** Where relative paths of the map begin. */
  readonly directory: string
  /** The only source, where the map's name for it is of no matter. */
  readonly source?: string
}

export interface Comparison {
  /** Words of the program in what was made of it without spans and with them. */
  words: number
  /** Of these, those whose position in the source is exact in both: the same word stands there. */
  exact: number
  /** Equal in both, but what stands there is another word: renamed, or without a place of its own. */
  likePlain: number
  /** Not equal; but without spans it is another word that stands there. */
  excused: number
  /** Exact without spans, and not with them. */
  readonly wrong: string[]
}

/** Looks each word up in both maps, by a reader of maps that is not ours. */
export function compare(plain: readonly Output[], instrumented: readonly Output[]): Comparison {
  const total: Comparison = { words: 0, exact: 0, likePlain: 0, excused: 0, wrong: [] }
  const byKey = new Map(plain.map(output => [output.key, output]))
  for (const output of instrumented) {
    const control = byKey.get(output.key)
    if (control) compareOutput(control, output, total)
    else total.wrong.push(`${output.key}: there is none without spans`)
  }
  return total
}

function compareOutput(control: Output, output: Output, total: Comparison): void {
  const [before, after] = [mappedWords(control), mappedWords(output)]
  total.words += after.length
  for (const [plain, word] of aligned(before, after)) {
    const isExact = plain.found === plain.text
    if (plain.place === word?.place) total[isExact ? 'exact' : 'likePlain']++
    else if (!isExact) total.excused++
    else
      total.wrong.push(
        `${output.key}: ${plain.text} of ${plain.place} became ${word ? `${word.line}:${word.column} at ${word.place}` : 'nothing'}: ${plain.around}`,
      )
  }
}

/** Each word with the one that it has become, by the longest common subsequence. */
function aligned(before: readonly MappedWord[], after: readonly MappedWord[]): [MappedWord, MappedWord | undefined][] {
  const [a, b] = [before, after].map(words => words.map(({ text }) => neutral(text))) as [string[], string[]]
  const partners = commonSubsequence(a, b)
  // Some compilers move functions to the head of a block, and a body that is in a block of ours has moved.
  const moved = new Map(after.map(word => [`${neutral(word.text)} ${word.place}`, word]))
  return before.map((word, i) => {
    const partner = after[partners[i] as number]
    return [
      word,
      partner?.place === word.place ? partner : (moved.get(`${neutral(word.text)} ${word.place}`) ?? partner),
    ]
  })
}

/** Bundlers number what they import, and names that they have to tell apart; and there is one import more. */
function neutral(text: string): string {
  return text.replace(/_\d+__$/, '_').replace(/\$?\d+$/, '')
}

const WORD = /^#?[\p{ID_Continue}$]+/u

interface MappedWord extends Word {
  /** `file:line:column` in the sources. */
  readonly place: string
  /** The word that stands there. */
  readonly found: string
  /** What it stands among in the source. */
  readonly around: string
}

function mappedWords(output: Output): readonly MappedWord[] {
  const map = output.map === undefined ? undefined : new TraceMap(output.map)
  return wordsOf(output.code).flatMap(word => {
    const original = map ? originalPositionFor(map, word) : { source: null, ...word }
    if (original.line === null) return []
    const file = output.source ?? fileOf(original.source ?? '', output.directory)
    const line = lineOf(file, original.line)
    const [found = ''] = WORD.exec(line.slice(original.column)) ?? []
    const around = line.slice(Math.max(0, original.column - 20), original.column + 40)
    return [{ ...word, place: `${file}:${original.line}:${original.column}`, found, around }]
  })
}

function fileOf(source: string, directory: string): string {
  if (source.startsWith('file:')) return fileURLToPath(source)
  return resolve(directory, decodeURI(source.replace(/^webpack:\/\/[^/]*\//, '')))
}

const lines = new Map<string, readonly string[]>()

function lineOf(file: string, line: number): string {
  const known = lines.get(file) ?? read(file).split(/\r?\n|[\r\u2028\u2029]/)
  lines.set(file, known)
  return known[line - 1] ?? ''
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '')
  } catch {
    return ''
  }
}
