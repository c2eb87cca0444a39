import { total } from '../lib/order'
import { save } from './actions'
import { Counter } from './counter'

export const dynamic = 'force-dynamic'

export default async function Page() {
  const sum = await total(['pear', 'fig'])
  return (
    <form action={save}>
      <p>{`sum ${sum}`}</p>
      <Counter start={Math.abs(-7)} />
    </form>
  )
}
