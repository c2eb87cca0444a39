import { spawn } from 'node:child_process'
import { delimiter, join } from 'node:path'
import type { Attributes } from '../../model/index.ts'
import { shownAttributes } from '../../runtime/exporters/shown-attributes.ts'
import { ROOT } from '../support/imports.ts'

export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  /** Everything that was written, traces and all. */
  readonly output: string
  /** Roots of the traces, in the order in which they were written. */
  readonly roots: readonly JsonSpan[]
}

export interface JsonSpan {
  readonly name: string
  readonly status: string
  readonly dropped?: number
  readonly calls?: { readonly count: number }
  readonly site?: { readonly file: string; readonly line: number; readonly column: number }
  readonly attributes: object
  readonly messages: readonly { readonly level: string; readonly text: string; readonly attributes: object }[]
  readonly exitError?: JsonError
  readonly handledErrors: readonly JsonError[]
  readonly children: readonly JsonSpan[]
}

interface JsonError {
  readonly kind: string
  readonly type: string
  readonly message: string
  readonly arguments?: object
}

/** Runs a command of `examples/commands.ts` as `npm run demo` does. */
export function runExample([file, ...values]: readonly string[], mode: 'json' | 'terminal'): Promise<Finished> {
  const { VITEST: _vitest, NODE_ENV: _nodeEnv, FORCE_COLOR: _colour, ...rest } = process.env
  const path = [join(ROOT, 'node_modules/.bin'), rest['PATH']].join(delimiter)
  const child = spawn(file!, values, { cwd: ROOT, env: { ...rest, PATH: path, SPAN_TREE: mode, NO_COLOR: '1' } })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', text => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', text => (stderr += text))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', code => resolve(finished(code, stdout, stderr)))
  })
}

/** JSON goes to standard output in a container, to standard error elsewhere. */
function finished(code: number | null, stdout: string, stderr: string): Finished {
  const output = stdout + stderr
  const lines = output.split('\n').filter(line => line.startsWith('{"traceId"'))
  const roots = lines.map(line => (JSON.parse(line) as { root: JsonSpan }).root)
  return { code, stdout, stderr, output, roots }
}

/** A line each: spans with their place, attributes, messages and errors. What differs from run to run is not there. */
export function treeText(span: JsonSpan, indent = ''): string {
  const { site, exitError } = span
  const place = site ? ` ${site.file}:${site.line}:${site.column}` : ''
  const inner = `${indent}  `
  return [
    `${indent}${anyHost(span.name)}${place}${attributesText(shownAttributes(span.attributes as Attributes))}${span.status === 'succeeded' ? '' : ` ${span.status}`}`,
    ...span.messages.map(({ level, text, attributes }) => `${inner}${level}: ${text}${attributesText(attributes)}`),
    ...(exitError ? [`${inner}✗ ${errorText(exitError)}`] : []),
    ...span.handledErrors.map(error => `${inner}handled ${errorText(error)}`),
    ...span.children.map(child => treeText(child, inner)),
  ].join('\n')
}

function errorText({ kind, type, message, arguments: values = {} }: JsonError): string {
  return `${kind} ${type}: ${message}${attributesText(values)}`
}

function attributesText(attributes: object): string {
  if (Object.keys(attributes).length === 0) return ''
  return ` ${anyHost(JSON.stringify(attributes))}`
}

function anyHost(text: string): string {
  return text.replaceAll(/127\.0\.0\.1:\d+/g, '<host>')
}
