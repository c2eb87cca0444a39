'use server'

import { total } from '../lib/order'

export async function save(form: FormData): Promise<void> {
  console.log(`saved ${form.get('what')} ${await total(['plum'])}`)
}
