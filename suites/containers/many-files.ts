import { expect, type Api, type Box } from '../../harness/case/index.ts'
import { packTar } from '../../harness/wire/tar.ts'

/** So many that removing them takes any storage driver a while. */
const count = 4_000

/** Gives a container so many files that its removal can be watched. */
export async function fill(api: Api, box: Box): Promise<void> {
  const body = await packTar(Array.from({ length: count }, (_, index) => ({ name: `many/${index % 100}/${index}`, content: '' })))
  expect(await api.put(`${box.path}/archive`, { query: { path: '/' }, body, headers: { 'Content-Type': 'application/x-tar' } })).toAnswer(200)
}
