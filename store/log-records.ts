import type { Message } from '../model/index.ts'
import type { SpanRecord } from './span-record.ts'

/** On a span that stands for a log record of its parent, which came apart from it. */
export const LOG_RECORD = 'span_tree.log_record'

/** Log records as messages and errors of their spans, as far as these are among them. */
export function foldLogRecords(records: readonly SpanRecord[]): readonly SpanRecord[] {
  const said = Map.groupBy(records.filter(isLogRecord), ({ parentId }) => parentId)
  if (said.size === 0) return records
  const ids = new Set(records.filter(record => !isLogRecord(record)).map(({ id }) => id))
  return records
    .filter(record => !isLogRecord(record) || !ids.has(record.parentId as string))
    .map(record => withLogRecords(record, isLogRecord(record) ? [] : (said.get(record.id) ?? [])))
}

function isLogRecord({ attributes }: SpanRecord): boolean {
  return attributes[LOG_RECORD] === true
}

function withLogRecords(record: SpanRecord, said: readonly SpanRecord[]): SpanRecord {
  if (said.length === 0) return record
  const messages = [...record.messages, ...said.flatMap(each => each.messages)].sort(byTime)
  const handledErrors = [...record.handledErrors, ...said.flatMap(each => each.handledErrors)]
  const exitError = record.exitError ?? said.find(each => each.exitError !== undefined)?.exitError
  return { ...record, messages, handledErrors, ...(exitError !== undefined && { exitError }) }
}

function byTime(a: Message, b: Message): number {
  return a.time < b.time ? -1 : a.time > b.time ? 1 : 0
}
