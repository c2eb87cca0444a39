import { join } from 'node:path'
import { stateFolder } from '../../runtime/state-folder.ts'

/** Where traces of this user are kept unless told: `SPAN_TREE_DB`, else a file below the user's state folder. */
export function databasePath(env: NodeJS.ProcessEnv): string {
  return env['SPAN_TREE_DB'] || join(stateFolder('store', env) ?? '.', 'traces.db')
}
