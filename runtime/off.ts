import { ActiveSpan } from './active-span.ts'
import { ActiveTrace, TraceIdentity } from './active-trace.ts'
import { RuntimeSite } from './site.ts'
import { ATTACHED, SILENT, Task } from './task.ts'

const OFF_SITE = new RuntimeSite('', undefined, ['', 'manual', 0, 0])

/** What `enter` gives while tracing is off: whoever gets it back has nothing to do. It belongs to no trace. */
export const OFF_SPAN: ActiveSpan = new ActiveSpan(
  OFF_SITE,
  null,
  undefined as unknown as ActiveTrace,
  undefined as unknown as Task,
)

/** The same in place of a task. `ATTACHED`, so that `suspend` and `resume` do nothing by their usual test. */
export const OFF_TASK: Task = new Task(OFF_SPAN, undefined)
OFF_TASK.state = ATTACHED
OFF_SPAN.task = OFF_TASK

/** In place of the spans of a task whose trace was exported: what begins there goes on in a continuation. */
export const BURIED_SPAN: ActiveSpan = new ActiveSpan(
  OFF_SITE,
  null,
  new ActiveTrace(new TraceIdentity(0), false),
  OFF_TASK,
)
BURIED_SPAN.trace.root = BURIED_SPAN
BURIED_SPAN.trace.complete = true
BURIED_SPAN.end = 0

/** In place of the current span where a trace came in that is not sampled. */
export const UNSAMPLED_SPAN: ActiveSpan = new ActiveSpan(
  OFF_SITE,
  null,
  new ActiveTrace(new TraceIdentity(0), false),
  OFF_TASK,
)
UNSAMPLED_SPAN.trace.root = UNSAMPLED_SPAN
UNSAMPLED_SPAN.trace.complete = true
UNSAMPLED_SPAN.trace.sampled = false
UNSAMPLED_SPAN.end = 0

/** In a task of it nothing is traced, nor passed on to others: what the runtime itself sends (`untraced.ts`). */
export const SILENT_TASK: Task = new Task(UNSAMPLED_SPAN, undefined)
SILENT_TASK.state = ATTACHED
SILENT_TASK.ownerSerial = SILENT
