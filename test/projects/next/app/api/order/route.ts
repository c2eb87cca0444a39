import { total } from '../../../lib/order'

export async function GET(request: Request): Promise<Response> {
  const items = new URL(request.url).searchParams.getAll('item')
  return Response.json({ total: await total(items) })
}
