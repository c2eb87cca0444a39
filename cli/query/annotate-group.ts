import type { Annotation, ErrorGroup, HandlingChange } from '../../store/trace-store.ts'
import type { Marks, Severity } from '../../store/triage.ts'
import { printGroup } from './error-groups.ts'
import { momentAt, parseSpan } from './moment.ts'
import { note } from './print.ts'
import { FOUND, NONE, type Session, UsageError } from './store-command.ts'
import { userName } from './user-name.ts'

export interface AnnotateFlags {
  readonly severity?: Severity
  readonly crash?: boolean
  readonly silence?: boolean
  readonly clear?: boolean
  readonly note?: string
  readonly resolve?: true | string
  readonly archive?: string
  readonly reopen?: boolean
  readonly by?: string
  readonly merge?: number
  readonly unmerge?: boolean
  readonly undo?: boolean
}

/** Carries out what the flags say, and prints the group as it is then. */
export async function annotateGroup(session: Session, id: number, flags: AnnotateFlags): Promise<number> {
  const change = changeOf(session, id, flags)
  const group = await session.client.errorGroup(session.namespace, id)
  if (group === undefined) {
    note(`No group of errors has the id ${id}.`)
    return NONE
  }
  return printGroup(await change(group), id, session.json) ? FOUND : NONE
}

/** What the flags make of a group. Throws where they contradict each other, or say nothing. */
export function changeOf(
  { client, namespace }: Pick<Session, 'client' | 'namespace'>,
  id: number,
  flags: AnnotateFlags,
): (of: ErrorGroup) => Promise<ErrorGroup> {
  const { undo, unmerge, merge } = flags
  const handling = handlingOf(flags)
  const says = [flags.severity, flags.crash, flags.silence, flags.clear, flags.note, handling].some(
    each => each !== undefined,
  )
  const alone = [undo, unmerge, merge !== undefined].filter(Boolean).length
  if (alone + Number(says) !== 1) {
    throw new UsageError(
      alone === 0 ? 'say what to note of it (span-tree annotate --help)' : '--undo, --merge and --unmerge stand alone',
    )
  }
  if (undo) return () => client.undo(namespace, id)
  if (unmerge) return () => client.unmerge(namespace, id)
  if (merge !== undefined) return () => client.merge(namespace, id, merge)
  return ({ marks }) => client.annotate(namespace, id, annotationOf(flags, marks, handling))
}

function annotationOf(flags: AnnotateFlags, before: Marks, handling: HandlingChange | undefined): Annotation {
  const { severity, crash, silence, clear, note: said, by = userName() } = flags
  const changes = [severity, crash, silence, clear].some(each => each !== undefined)
  return {
    ...(changes && { marks: marksOf(flags, clear ? {} : before) }),
    ...(said !== undefined && { note: said }),
    ...(handling && { handling }),
    ...(by !== undefined && { by }),
  }
}

function marksOf({ severity, crash, silence }: AnnotateFlags, before: Marks): Marks {
  const level = severity ?? before.severity
  return {
    ...(level && { severity: level }),
    ...((crash ?? before.crash) && { crash: true }),
    ...((silence ?? before.silenced) && { silenced: true }),
  }
}

function handlingOf({ resolve, archive, reopen }: AnnotateFlags): HandlingChange | undefined {
  if (reopen) return { kind: 'unresolved' }
  if (resolve !== undefined) return { kind: 'resolved', ...(typeof resolve === 'string' && { version: resolve }) }
  return archive === undefined ? undefined : { kind: 'archived', until: untilOf(archive) }
}

function untilOf(text: string): (HandlingChange & { kind: 'archived' })['until'] {
  if (text === 'forever' || text === 'escalating') return text
  if (/^[1-9]\d*$/.test(text)) return { more: Number(text) }
  const from = parseSpan(text)
  const at = from === undefined ? momentAt(text) : Date.now() + from
  if (at === undefined)
    throw new UsageError(`--archive takes forever, escalating, a number, a time like 7d, or a date: ${text}`)
  return { at }
}
